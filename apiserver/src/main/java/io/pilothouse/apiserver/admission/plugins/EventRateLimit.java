package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.status.StatusException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** EventRateLimit: no more events than the configuration (eventratelimit.admission.k8s.io Configuration) lets through. */
public final class EventRateLimit implements AdmissionPlugin {
    private static final int DEFAULT_CACHE = 4096;

    private final List<Limit> limits = new ArrayList<>();
    private final Clock clock;

    /** @throws IllegalArgumentException listing what is wrong with the configuration */
    public EventRateLimit(JsonNode configuration, Clock clock) {
        this.clock = clock;
        List<String> problems = new ArrayList<>();
        if (configuration.path("limits").isEmpty()) {
            problems.add("limits: Invalid value: must not be empty");
        }
        int index = 0;
        for (var limit : configuration.path("limits")) {
            String at = "limits[" + index++ + "].";
            String type = limit.path("type").asText("");
            if (!List.of("Server", "Namespace", "User", "SourceAndObject").contains(type)) {
                problems.add(at + "type: Unsupported value: \"" + type
                        + "\": supported values: \"Namespace\", \"Server\", \"SourceAndObject\", \"User\"");
            }
            for (String field : List.of("burst", "qps")) {
                if (limit.path(field).asInt() <= 0) {
                    problems.add(
                            at + field + ": Invalid value: " + limit.path(field).asInt() + ": must be positive");
                }
            }
            if (limit.path("cacheSize").asInt() < 0) {
                problems.add(at + "cacheSize: Invalid value: "
                        + limit.path("cacheSize").asInt() + ": must not be negative");
            }
            int size = limit.path("cacheSize").asInt() == 0
                    ? DEFAULT_CACHE
                    : limit.path("cacheSize").asInt();
            limits.add(new Limit(
                    type, limit.path("qps").asInt(), limit.path("burst").asInt(), size));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("EventRateLimit: " + String.join(", ", problems));
        }
    }

    @Override
    public String name() {
        return "EventRateLimit";
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.dryRun() || !request.kind().kind().equals("Event") || !(request.creates() || request.updates())) {
            return;
        }
        if (!request.is("", "events") && !request.is("events.k8s.io", "events")) {
            return;
        }
        List<String> reached = new ArrayList<>();
        for (var limit : limits) {
            String key = limit.key(request);
            if (!limit.take(key, clock.millis())) {
                reached.add("limit reached on type " + limit.type + " for key " + key);
            }
        }
        if (!reached.isEmpty()) {
            String all = reached.size() == 1 ? reached.getFirst() : "[" + String.join(", ", reached) + "]";
            throw StatusException.tooManyRequests(all, 0);
        }
    }

    /** Token buckets by key; the ones that were not used for longest go first. */
    private static final class Limit {
        private final String type;
        private final int perSecond;
        private final int burst;
        private final Map<String, double[]> buckets;

        Limit(String type, int perSecond, int burst, int size) {
            this.type = type;
            this.perSecond = perSecond;
            this.burst = burst;
            this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, double[]> eldest) {
                    return size() > size;
                }
            };
        }

        synchronized boolean take(String key, long nowMillis) {
            double[] bucket = buckets.computeIfAbsent(key, k -> new double[] {burst, nowMillis});
            bucket[0] = Math.min(burst, bucket[0] + (nowMillis - bucket[1]) * perSecond / 1000.0);
            bucket[1] = nowMillis;
            if (bucket[0] < 1) {
                return false;
            }
            bucket[0] -= 1;
            return true;
        }

        String key(AdmissionRequest request) {
            var event = request.object();
            return switch (type) {
                case "Namespace" -> request.namespace();
                case "User" -> request.user().name();
                case "SourceAndObject" -> event == null ? "" : sourceAndObject(event);
                default -> "";
            };
        }

        private static String sourceAndObject(JsonNode event) {
            var source = event.path("source");
            var object = event.path("involvedObject");
            return source.path("component").asText("")
                    + source.path("host").asText("")
                    + object.path("kind").asText("")
                    + object.path("namespace").asText("")
                    + object.path("name").asText("")
                    + object.path("uid").asText("")
                    + object.path("apiVersion").asText("");
        }
    }
}
