package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;

/** How much of a value there can be: what the schema says, or what fits into a request. */
final class CelSizes {
    /** Bytes of a request. */
    static final long REQUEST = 3L * 1024 * 1024;

    private CelSizes() {}

    /** The most elements of a list. */
    static long items(JsonNode schema) {
        return schema.has("maxItems")
                ? schema.path("maxItems").asLong()
                : Math.max(1, (REQUEST - 2) / (smallest(schema.path("items")) + 1));
    }

    /** The most members of a map: each has a key of two quotes, a colon and a comma at least. */
    static long properties(JsonNode schema) {
        return schema.has("maxProperties")
                ? schema.path("maxProperties").asLong()
                : Math.max(1, (REQUEST - 2) / (smallest(schema.path("additionalProperties")) + 4));
    }

    /** The most bytes of a string. */
    static long text(JsonNode schema) {
        if (schema.has("enum")) {
            long longest = 0;
            for (JsonNode value : schema.path("enum")) {
                longest = Math.max(longest, value.asText("").length());
            }
            return longest;
        }
        return switch (schema.path("format").asText("")) {
            case "duration" -> 15;
            case "date" -> 10;
            case "date-time" -> 20;
            default -> schema.has("maxLength") ? schema.path("maxLength").asLong() * 4 : REQUEST - 2;
        };
    }

    /** The fewest bytes of a value in JSON. */
    static long smallest(JsonNode schema) {
        return switch (schema.path("type").asText("")) {
            case "string", "array" -> 2;
            case "boolean" -> 4;
            case "object" -> {
                long size = 2;
                for (JsonNode required : schema.path("required")) {
                    size += required.asText().length()
                            + 3
                            + smallest(schema.path("properties").path(required.asText()));
                }
                yield size;
            }
            default -> 1;
        };
    }
}
