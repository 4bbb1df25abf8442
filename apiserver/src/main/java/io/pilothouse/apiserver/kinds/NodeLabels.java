package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The labels of nodes that have newer names, and warnings of selectors that use them. */
public final class NodeLabels {
    private static final Map<String, String> DEPRECATED = Map.of(
            "beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
            "beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead",
            "failure-domain.beta.kubernetes.io/region",
                    "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
            "failure-domain.beta.kubernetes.io/zone",
                    "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
            "beta.kubernetes.io/instance-type",
                    "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
            "app.kubernetes.io/created-by", "deprecated since v1.9",
            "scheduler.alpha.kubernetes.io/preferAvoidPods",
                    "deprecated since v1.22; use Taints and Tolerations instead",
            "node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead");

    private NodeLabels() {}

    /** What is to be said of a label; empty for one that is current. */
    public static Optional<String> deprecation(String key) {
        return Optional.ofNullable(DEPRECATED.get(key));
    }

    /** Warnings of a label selector over nodes. */
    public static List<String> ofSelector(JsonNode selector, FieldPath path) {
        var out = expressions(selector, path);
        var labels = new TreeMap<String, JsonNode>();
        selector.path("matchLabels").properties().forEach(e -> labels.put(e.getKey(), e.getValue()));
        labels.keySet()
                .forEach(key -> deprecation(key)
                        .ifPresent(text -> out.add(path.child("matchLabels").child(key) + ": " + text)));
        return out;
    }

    private static List<String> expressions(JsonNode selector, FieldPath path) {
        var out = new ArrayList<String>();
        int i = 0;
        for (var expression : selector.path("matchExpressions")) {
            var at = path.child("matchExpressions").index(i++).child("key");
            String key = expression.path("key").asText("");
            deprecation(key).ifPresent(text -> out.add(at + ": " + key + " is " + text));
        }
        return out;
    }

    /**
     * Warnings of a core/v1 NodeSelectorTerm.
     *
     * @param values whether to warn too of values that no label has
     */
    public static List<String> ofTerm(JsonNode term, boolean values, FieldPath path) {
        var out = new ArrayList<String>();
        int i = 0;
        for (var expression : term.path("matchExpressions")) {
            var at = path.child("matchExpressions").index(i++);
            String key = expression.path("key").asText("");
            deprecation(key).ifPresent(text -> out.add(at.child("key") + ": " + key + " is " + text));
            int j = 0;
            for (var value : expression.path("values")) {
                var place = at.child("values").index(j++);
                if (values) {
                    LabelFormat.value(value.asText())
                            .forEach(problem -> out.add(place + ": " + value.asText() + " is invalid, " + problem));
                }
            }
        }
        return out;
    }
}
