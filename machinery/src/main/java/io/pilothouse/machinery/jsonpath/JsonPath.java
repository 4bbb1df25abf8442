package io.pilothouse.machinery.jsonpath;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A path through a JSON tree, such as {@code .status.conditions[?(@.type=="Ready")].status}: fields by dot or in brackets, indices,
 * slices, wildcards, recursive descent and filters, as client-go's jsonpath reads them. What is missing is no result. Immutable; safe for
 * use by many threads.
 */
public final class JsonPath {
    /** One step: from values to the values that it leads to. */
    @FunctionalInterface
    interface Step {
        void follow(JsonNode value, List<JsonNode> out);
    }

    private final List<Step> steps;

    JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /**
     * Reads a path that starts with a dot or a bracket.
     *
     * @throws JsonPathException if it is none
     */
    public static JsonPath parse(String text) {
        return new JsonPathParser(text).path();
    }

    /** All that the path leads to, in order. */
    public List<JsonNode> find(JsonNode root) {
        List<JsonNode> values = List.of(root);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode value : values) {
                step.follow(value, next);
            }
            values = next;
        }
        return values;
    }
}
