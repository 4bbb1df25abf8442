package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.selector.SelectorException;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.function.Function;

/** What the tables of the kinds that make pods have in common. */
public final class Workloads {
    private static final String NONE = "<none>";

    private Workloads() {}

    /** How many pods are ready, of how many. */
    public static Column ready() {
        return Column.text(
                "Ready",
                "Number of the pod with ready state",
                o -> count(o, "status", "readyReplicas") + "/" + count(o, "spec", "replicas"));
    }

    public static Column containers(Function<JsonNode, JsonNode> template) {
        return Column.text(
                "Containers", "Names of each container in the template.", o -> joined(template.apply(o), "name"));
    }

    public static Column images(Function<JsonNode, JsonNode> template) {
        return Column.text(
                "Images",
                "Images referenced by each container in the template.",
                o -> joined(template.apply(o), "image"));
    }

    /** The template of most kinds. */
    public static JsonNode template(JsonNode object) {
        return object.path("spec").path("template");
    }

    private static String joined(JsonNode template, String field) {
        var out = new ArrayList<String>();
        template.path("spec")
                .path("containers")
                .forEach(c -> out.add(c.path(field).asText()));
        return String.join(",", out);
    }

    /** A number in an object's spec or status. */
    public static long count(ObjectNode object, String part, String field) {
        return object.path(part).path(field).asLong();
    }

    /** Labels as kubectl shows them. */
    public static String labels(JsonNode labels) {
        var sorted = new TreeMap<String, String>();
        labels.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
        var out = new ArrayList<String>();
        sorted.forEach((key, value) -> out.add(key + "=" + value));
        return out.isEmpty() ? NONE : String.join(",", out);
    }

    /** A LabelSelector as kubectl shows it. */
    public static String selector(JsonNode selector) {
        try {
            String text = LabelSelector.fromNode(selector).toString();
            return text.isEmpty() ? NONE : text;
        } catch (SelectorException e) {
            return "<error>";
        }
    }
}
