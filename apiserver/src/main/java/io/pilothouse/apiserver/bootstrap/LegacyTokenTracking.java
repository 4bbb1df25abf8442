package io.pilothouse.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.machinery.meta.GroupResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * Keeps a config map that tells since when the use of lasting service account tokens is noted. One that is deleted is made again, but not at once when
 * that was done less than half an hour ago: servers that do not note it may keep deleting it.
 */
public final class LegacyTokenTracking {
    private static final GroupResource CONFIG_MAPS = new GroupResource("", "configmaps");
    private static final String NAMESPACE = "kube-system";
    private static final String NAME = "kube-apiserver-legacy-service-account-token-tracking";
    private static final String SINCE = "since";
    private static final Duration BETWEEN_CREATIONS = Duration.ofMinutes(30);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private final OwnWrites writes;
    private final Clock clock;
    private Instant created = Instant.MIN;

    private LegacyTokenTracking(OwnWrites writes, Clock clock) {
        this.writes = writes;
        this.clock = clock;
    }

    /** Makes sure of it now, and from now on. */
    public static AutoCloseable start(OwnWrites writes, ObjectCache cache, QueueMetrics queues, Clock clock) {
        var tracking = new LegacyTokenTracking(writes, clock);
        tracking.keep();
        return CacheFollower.start(
                "legacy-token-tracking",
                queues.of("legacy_token_tracking_controller"),
                cache,
                List.of("/registry/configmaps/" + NAMESPACE + "/" + NAME),
                LOOK_AGAIN,
                tracking::keep);
    }

    private synchronized void keep() {
        String today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
        var present = writes.find(CONFIG_MAPS, NAMESPACE, NAME);
        if (present.isPresent()) {
            if (!isDate(present.get().path("data").path(SINCE).asText(""))) {
                writes.update(CONFIG_MAPS, NAMESPACE, NAME, live -> {
                    live.withObjectProperty("data").put(SINCE, today);
                    return live;
                });
            }
            return;
        }
        if (created.equals(Instant.MIN) || !clock.instant().isBefore(created.plus(BETWEEN_CREATIONS))) {
            writes.create(CONFIG_MAPS, map(today));
            created = clock.instant();
        }
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static ObjectNode map(String today) {
        var map = JsonNodeFactory.instance.objectNode().put("kind", "ConfigMap").put("apiVersion", "v1");
        map.putObject("metadata").put("name", NAME).put("namespace", NAMESPACE);
        map.putObject("data").put(SINCE, today);
        return map;
    }
}
