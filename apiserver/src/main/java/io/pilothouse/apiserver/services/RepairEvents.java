package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the owners of services, by events, what was wrong with what they hold. The same is told once an hour. For one thread. */
final class RepairEvents {
    private static final Logger LOG = LoggerFactory.getLogger(RepairEvents.class);
    private static final Duration SILENCE = Duration.ofHours(1);
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Registry registry;
    private final ResourceIndex resources;
    private final Map<String, Instant> told = new HashMap<>();

    RepairEvents(Registry registry, ResourceIndex resources) {
        this.registry = registry;
        this.resources = resources;
    }

    /** @param reporter the part of upstream's server that reports such things */
    void warn(ObjectNode about, String reporter, String reason, String action, String note, WriteContext context) {
        LOG.atWarn()
                .addKeyValue("object", ObjectMeta.key(about))
                .addKeyValue("reason", reason)
                .log(note);
        told.values().removeIf(then -> then.plus(SILENCE).isBefore(context.now()));
        if (told.putIfAbsent(ObjectMeta.uid(about) + reason + note, context.now()) != null) {
            return;
        }
        String namespace = ObjectMeta.namespace(about).isEmpty() ? "default" : ObjectMeta.namespace(about);
        var event = JsonNodeFactory.instance.objectNode().put("kind", "Event").put("apiVersion", "v1");
        long nanos = ChronoUnit.NANOS.between(Instant.EPOCH, context.now());
        event.putObject("metadata")
                .put("name", ObjectMeta.name(about) + "." + Long.toHexString(nanos))
                .put("namespace", namespace);
        event.putObject("involvedObject")
                .put("kind", about.path("kind").asText())
                .put("apiVersion", about.path("apiVersion").asText())
                .put("namespace", ObjectMeta.namespace(about))
                .put("name", ObjectMeta.name(about))
                .put("uid", ObjectMeta.uid(about))
                .put("resourceVersion", ObjectMeta.resourceVersion(about));
        event.put("reason", reason).put("message", note);
        event.putObject("source");
        event.put("eventTime", MICROS.format(context.now()))
                .put("type", "Warning")
                .put("action", action)
                .put("reportingComponent", reporter)
                .put("reportingInstance", reporter);
        try {
            registry.create(
                    resources.find(new GroupResource("", "events")).orElseThrow(),
                    event,
                    new WriteContext(context.user(), namespace, "", false, context.now(), registry),
                    made -> {});
        } catch (StatusException e) {
            LOG.atInfo().addKeyValue("reason", e.getMessage()).log("an event could not be recorded");
        }
    }
}
