package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.pod.NodeSelectorRules;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;

/** What must hold for slices of devices. */
final class SliceValidation {
    private static final int MOST_DEVICES = 128;
    private static final int MOST_RICH_DEVICES = 64;
    private static final int MOST_COUNTERS = 32;
    private static final int MOST_COUNTER_SETS = 8;

    private SliceValidation() {}

    static List<FieldError> create(ObjectNode slice) {
        return check(slice, MissingNode.getInstance());
    }

    static List<FieldError> update(ObjectNode slice, ObjectNode old) {
        return check(slice, old.path("spec"));
    }

    private static List<FieldError> check(ObjectNode slice, JsonNode old) {
        var errors = new ArrayList<FieldError>();
        var spec = Field.of(slice, errors).child("spec");
        DeviceRules.driver(spec.child("driver"));
        pool(spec.child("pool"));
        if (!old.isMissingNode()) {
            spec.child("pool", "name").immutable(old.path("pool").path("name"));
            spec.child("driver").immutable(old.path("driver"));
            spec.child("nodeName").immutable(old.path("nodeName"));
        }
        placement(spec);
        var devices = spec.child("devices");
        var counters = spec.child("sharedCounters");
        if (devices.present() && counters.present()) {
            spec.invalid("", "only one of `sharedCounters` or `devices` is allowed");
        }
        boolean perDevice = spec.child("perDeviceNodeSelection").isTrue();
        boolean rich = devices.items().stream()
                .anyMatch(d -> !d.child("taints").isEmpty()
                        || !d.child("consumesCounters").isEmpty());
        DeviceRules.set(
                devices,
                rich ? MOST_RICH_DEVICES : MOST_DEVICES,
                device -> DeviceValidation.check(device, lookup(old, device), perDevice),
                device -> device.child("name").text());
        DeviceRules.set(
                counters,
                MOST_COUNTER_SETS,
                set -> {
                    var name = set.child("name");
                    if (name.mustExist()) {
                        name.matches(LabelFormat::label);
                    }
                    counters(set.child("counters"));
                },
                set -> set.child("name").text());
        return errors;
    }

    private static JsonNode lookup(JsonNode old, Field device) {
        for (var before : old.path("devices")) {
            if (before.path("name").asText().equals(device.child("name").text())) {
                return before;
            }
        }
        return MissingNode.getInstance();
    }

    private static void pool(Field pool) {
        DeviceRules.pool(pool.child("name"));
        var count = pool.child("resourceSliceCount");
        if (count.number() <= 0) {
            count.invalid(count.number(), "must be greater than zero");
        }
        var generation = pool.child("generation");
        if (generation.number() < 0) {
            generation.invalid("must be greater than or equal to zero");
        }
    }

    /** Which nodes can use the devices: told in one way. */
    private static void placement(Field spec) {
        var set = new ArrayList<String>();
        var node = spec.child("nodeName");
        if (node.present()) {
            if (node.isEmpty()) {
                node.invalid("must be either unset or set to a non-empty string");
            } else {
                set.add("`nodeName`");
                node.matches(LabelFormat::subdomain);
            }
        }
        var selector = spec.child("nodeSelector");
        if (selector.present()) {
            set.add("`nodeSelector`");
            NodeSelectorRules.check(selector, false);
            var terms = selector.child("nodeSelectorTerms");
            if (terms.size() != 1) {
                terms.invalid("must have exactly one node selector term");
            }
        }
        for (String flag : new String[] {"allNodes", "perDeviceNodeSelection"}) {
            var field = spec.child(flag);
            if (field.isTrue()) {
                set.add("`" + flag + "`");
            } else if (field.present()) {
                field.invalid("must be either unset or set to true");
            }
        }
        String all = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
        if (set.isEmpty()) {
            spec.required(all);
        } else if (set.size() > 1) {
            spec.invalid("{" + String.join(", ", set) + "}", all + ", but multiple fields are set");
        }
    }

    /** Counters by their names. */
    static void counters(Field counters) {
        if (!counters.mustExist()) {
            return;
        }
        if (counters.size() > MOST_COUNTERS) {
            counters.add(FieldError.tooMany(counters.path(), counters.size(), MOST_COUNTERS));
            return;
        }
        counters.entries(
                (name, counter) -> LabelFormat.label(name).forEach(problem -> counters.invalid(name, problem)));
    }
}
