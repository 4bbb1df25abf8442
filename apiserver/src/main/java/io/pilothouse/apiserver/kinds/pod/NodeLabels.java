package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Labels of nodes that have newer names. */
public final class NodeLabels {
    private static final Map<String, String> DEPRECATED = Map.of(
            "beta.kubernetes.io/arch",
            "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
            "beta.kubernetes.io/os",
            "deprecated since v1.14; use \"kubernetes.io/os\" instead",
            "failure-domain.beta.kubernetes.io/region",
            "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
            "failure-domain.beta.kubernetes.io/zone",
            "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
            "beta.kubernetes.io/instance-type",
            "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
            "app.kubernetes.io/created-by",
            "deprecated since v1.9",
            "scheduler.alpha.kubernetes.io/preferAvoidPods",
            "deprecated since v1.22; use Taints and Tolerations instead",
            "node-role.kubernetes.io/master",
            "use \"node-role.kubernetes.io/control-plane\" instead");

    private NodeLabels() {}

    /** What to say of a label; empty for one that is fine. */
    public static Optional<String> deprecation(String label) {
        return Optional.ofNullable(DEPRECATED.get(label));
    }

    /** @param values whether values that are no label values are told too, where that is no error */
    public static List<String> warnings(JsonNode term, boolean values, FieldPath path) {
        var warnings = new ArrayList<String>();
        int index = 0;
        for (var expression : term.path("matchExpressions")) {
            var at = path.child("matchExpressions").index(index++);
            String key = expression.path("key").asText("");
            deprecation(key).ifPresent(text -> warnings.add(at.child("key") + ": " + key + " is " + text));
            int place = 0;
            for (var value : expression.path("values")) {
                var here = at.child("values").index(place++);
                if (values) {
                    LabelFormat.value(value.asText())
                            .forEach(problem -> warnings.add(here + ": " + value.asText() + " is invalid, " + problem));
                }
            }
        }
        return warnings;
    }
}
