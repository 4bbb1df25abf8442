package io.pilothouse.apiserver.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.kinds.flowcontrol.FlowControlDefaults;
import io.pilothouse.apiserver.kinds.flowcontrol.FlowControlDefaults.Entry;
import io.pilothouse.apiserver.kinds.flowcontrol.FlowSchemas;
import io.pilothouse.apiserver.kinds.flowcontrol.PriorityLevelConfigurations;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the mandatory and suggested objects of flow control as they should be, unless somebody said that he keeps them himself, and
 * tells of flow schemas whose priority level is not there. Every server of a cluster does so.
 */
public final class FlowControlObjects {
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);
    private static final String PRODUCER = "api-priority-and-fairness-config-producer-v1";
    private static final String CONSUMER = "api-priority-and-fairness-config-consumer-v1";
    private static final String DANGLING = "Dangling";

    private final OwnWrites producer;
    private final OwnWrites consumer;
    private final FlowControlDefaults defaults;

    public FlowControlObjects(OwnWrites writes, Schemas schemas) {
        this.producer = writes.as(PRODUCER);
        this.consumer = writes.as(CONSUMER);
        this.defaults = FlowControlDefaults.load(schemas);
    }

    /** Begins to do so again and again. */
    public List<AutoCloseable> start(ObjectCache cache, QueueMetrics queues) {
        return List.of(
                CacheFollower.start(
                        "flow-control-objects", QueueMetrics.untold(), cache, List.of(), PERIOD, this::ensure),
                CacheFollower.start(
                        "flow-schema-conditions",
                        queues.of("priority_and_fairness_config_queue"),
                        cache,
                        List.of("/registry/flowschemas/", "/registry/prioritylevelconfigurations/"),
                        LOOK_AGAIN,
                        this::tell));
    }

    /** Makes what is missing, corrects what is kept by the server, removes what it does not know any more. */
    public void ensure() {
        ensure(PriorityLevelConfigurations.RESOURCE, defaults.levels());
        ensure(FlowSchemas.RESOURCE, defaults.schemas());
        removeUnknown(FlowSchemas.RESOURCE, defaults.schemas());
        removeUnknown(PriorityLevelConfigurations.RESOURCE, defaults.levels());
    }

    private void ensure(GroupResource resource, List<Entry> entries) {
        AtOnce.each(entries, entry -> {
            var name = ObjectMeta.name(entry.object());
            if (!producer.create(resource, entry.object())) {
                producer.find(resource, "", name).ifPresent(current -> correct(resource, entry, current));
            }
        });
    }

    private void correct(GroupResource resource, Entry entry, ObjectNode current) {
        boolean kept = entry.mandatory() || isKept(current);
        var spec = entry.object().path("spec");
        // Of the exempt level, what it is exempt of may be set by hand.
        boolean different = kept && !equalEnough(entry, spec, current.path("spec"));
        boolean unmarked = !marked(current).equals(Optional.of(kept));
        if (different || unmarked) {
            producer.update(resource, "", ObjectMeta.name(current), live -> {
                if (different) {
                    live.set("spec", spec.deepCopy());
                }
                live.withObjectProperty("metadata")
                        .withObjectProperty("annotations")
                        .put(FlowControlDefaults.AUTO_UPDATE, Boolean.toString(kept));
                return live;
            });
        }
    }

    private static boolean equalEnough(Entry entry, JsonNode wanted, JsonNode actual) {
        if (entry.mandatory() && wanted.has("exempt") && actual instanceof ObjectNode spec) {
            var compared = spec.deepCopy();
            compared.set("exempt", wanted.get("exempt"));
            return wanted.equals(compared);
        }
        return wanted.equals(actual);
    }

    /** What the annotation says, where it says something. */
    private static Optional<Boolean> marked(ObjectNode object) {
        return Optional.ofNullable(ObjectMeta.annotations(object).get(FlowControlDefaults.AUTO_UPDATE))
                .flatMap(text -> switch (text) {
                    case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
                    case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
                    default -> Optional.<Boolean>empty();
                });
    }

    /** An object that says nothing is the server's as long as nobody has changed it. */
    private static boolean isKept(ObjectNode object) {
        return marked(object).orElse(ObjectMeta.generation(object) == 1);
    }

    private void removeUnknown(GroupResource resource, List<Entry> entries) {
        var known = new HashSet<String>();
        entries.forEach(entry -> known.add(ObjectMeta.name(entry.object())));
        for (var object : producer.list(resource)) {
            if (!known.contains(ObjectMeta.name(object)) && marked(object).orElse(false)) {
                producer.delete(resource, "", ObjectMeta.name(object));
            }
        }
    }

    private void tell() {
        Set<String> levels = new HashSet<>();
        consumer.list(PriorityLevelConfigurations.RESOURCE).forEach(level -> levels.add(ObjectMeta.name(level)));
        for (var schema : consumer.list(FlowSchemas.RESOURCE)) {
            String level = schema.path("spec")
                    .path("priorityLevelConfiguration")
                    .path("name")
                    .asText();
            var condition = condition(schema, level, !levels.contains(level));
            if (!isTold(schema, condition)) {
                var status = schema.objectNode();
                status.putArray("conditions").add(condition);
                consumer.applyStatus(FlowSchemas.RESOURCE, ObjectMeta.name(schema), status);
            }
        }
    }

    private ObjectNode condition(ObjectNode schema, String level, boolean dangling) {
        return schema.objectNode()
                .put("type", DANGLING)
                .put("status", dangling ? "True" : "False")
                .put("lastTransitionTime", ObjectMeta.format(consumer.now()))
                .put("reason", dangling ? "NotFound" : "Found")
                .put(
                        "message",
                        "This FlowSchema references the PriorityLevelConfiguration object named " + GoText.quote(level)
                                + (dangling ? " but there is no such object" : " and it exists"));
    }

    private static boolean isTold(ObjectNode schema, ObjectNode condition) {
        for (var present : schema.path("status").path("conditions")) {
            if (present.path("type").asText().equals(DANGLING)) {
                return present.path("status").equals(condition.path("status"))
                        && present.path("message").equals(condition.path("message"));
            }
        }
        return false;
    }
}
