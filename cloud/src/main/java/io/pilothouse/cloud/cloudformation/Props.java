package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads evaluated properties. */
final class Props {
    private Props() {}

    static String text(JsonNode properties, String name, String otherwise) {
        JsonNode value = properties.path(name);
        return value.isMissingNode() || value.isNull() ? otherwise : value.asText();
    }

    static String required(JsonNode properties, String name) {
        String value = text(properties, name, "");
        if (value.isEmpty()) {
            throw AwsException.validation("Property " + name + " cannot be empty.");
        }
        return value;
    }

    static int number(JsonNode properties, String name, int otherwise) {
        String value = text(properties, name, String.valueOf(otherwise));
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw AwsException.validation("Value of property " + name + " must be of type Integer");
        }
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        if (list.isTextual()) {
            texts.add(list.asText());
        }
        list.forEach(v -> texts.add(v.asText()));
        return texts;
    }

    /** A list of {Key, Value}. */
    static Map<String, String> tags(JsonNode list) {
        Map<String, String> tags = new TreeMap<>();
        list.forEach(t -> tags.put(t.path("Key").asText(), t.path("Value").asText()));
        return tags;
    }

    /** Refuses members of a nested property that are not known. */
    static void only(JsonNode node, String where, Set<String> known) {
        node.properties().forEach(e -> {
            if (!known.contains(e.getKey())) {
                throw AwsException.validation("Encountered unsupported property " + e.getKey() + " in " + where);
            }
        });
    }
}
