package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** What the server writes into a pod when it is made. */
public final class NewPod {
    private static final List<String> TERMS = List.of(
            "preferredDuringSchedulingIgnoredDuringExecution", "requiredDuringSchedulingIgnoredDuringExecution");

    private NewPod() {}

    public static void prepare(ObjectNode pod, Instant now) {
        var status = pod.putObject("status");
        status.put("phase", "Pending").put("qosClass", PodQuality.of(pod));
        DisabledFields.dropFromPod(pod, null);
        if (!pod.path("spec").path("schedulingGates").isEmpty()) {
            PodConditions.set(
                    pod,
                    new PodConditions.Condition(
                            "PodScheduled",
                            "False",
                            "SchedulingGated",
                            "Scheduling is blocked due to non-empty scheduling gates"),
                    now);
        }
        labelKeys(pod);
        AppArmorAnnotations.copyToFields(pod);
    }

    /** Terms that name keys of labels get the pod's values of them, once and for all. */
    private static void labelKeys(ObjectNode pod) {
        var labels = pod.path("metadata").path("labels");
        var affinity = pod.path("spec").path("affinity");
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            for (var term : affinity.path(kind).path(TERMS.get(0))) {
                merge(term.path("podAffinityTerm"), labels);
            }
            for (var term : affinity.path(kind).path(TERMS.get(1))) {
                merge(term, labels);
            }
        }
        pod.path("spec").path("topologySpreadConstraints").forEach(constraint -> merge(constraint, labels));
    }

    private static void merge(JsonNode term, JsonNode labels) {
        if (term.path("labelSelector") instanceof ObjectNode selector) {
            merge(selector, term.path("matchLabelKeys"), "In", labels);
            merge(selector, term.path("mismatchLabelKeys"), "NotIn", labels);
        }
    }

    private static void merge(ObjectNode selector, JsonNode keys, String operator, JsonNode labels) {
        for (var key : keys) {
            var value = labels.get(key.asText());
            if (value != null) {
                var expression = selector.withArrayProperty("matchExpressions").addObject();
                expression.set("key", key);
                expression.put("operator", operator).putArray("values").add(value);
            }
        }
    }
}
