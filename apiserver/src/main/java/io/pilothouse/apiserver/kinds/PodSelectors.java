package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.selector.LabelSelector;
import java.util.TreeMap;

/** How workloads choose their pods. */
public final class PodSelectors {
    private PodSelectors() {}

    /** The selector of a workload's scale in query form: a LabelSelector, or the plain map of older kinds. */
    public static String ofScale(ObjectNode object) {
        var selector = object.path("spec").path("selector");
        if (selector.has("matchLabels") || selector.has("matchExpressions")) {
            return LabelSelector.fromNode(selector).toString();
        }
        var labels = new TreeMap<String, String>();
        for (var entry : selector.properties()) {
            labels.put(entry.getKey(), text(entry.getValue()));
        }
        return LabelSelector.of(labels).toString();
    }

    private static String text(JsonNode node) {
        return node.asText();
    }
}
