package io.pilothouse.machinery.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A container in a tree and the key or index in it that a pointer ends with. */
record JsonPointerStep(JsonNode container, String key) {

    /** Walks to a pointer's last container; fails where there is none. */
    static JsonPointerStep find(JsonNode root, String pointer) {
        String[] parts = pointer.split("/", -1);
        if (parts.length < 2) {
            throw JsonPatch.rejected();
        }
        JsonNode at = root;
        for (int i = 1; i < parts.length - 1; i++) {
            at = new JsonPointerStep(at, decode(parts[i])).value();
        }
        if (!at.isContainerNode()) {
            throw JsonPatch.rejected();
        }
        return new JsonPointerStep(at, decode(parts[parts.length - 1]));
    }

    private static String decode(String part) {
        return part.replace("~1", "/").replace("~0", "~");
    }

    /** The value that stands here; null where an object has none. */
    JsonNode value() {
        return switch (container) {
            case ArrayNode list -> list.get(index(list.size()));
            case ObjectNode object when object.has(key) -> object.get(key);
            case ObjectNode object -> JsonNodeFactory.instance.nullNode();
            default -> throw JsonPatch.rejected();
        };
    }

    void add(JsonNode value) {
        if (container instanceof ArrayNode list) {
            list.insert(key.equals("-") ? list.size() : index(list.size() + 1), value);
        } else {
            set(value);
        }
    }

    void set(JsonNode value) {
        switch (container) {
            case ArrayNode list -> list.set(index(list.size()), value);
            case ObjectNode object -> object.set(key, value);
            default -> throw JsonPatch.rejected();
        }
    }

    JsonNode remove() {
        JsonNode removed = switch (container) {
            case ArrayNode list -> list.remove(index(list.size()));
            case ObjectNode object -> object.remove(key);
            default -> throw JsonPatch.rejected();
        };
        if (removed == null) {
            throw JsonPatch.rejected();
        }
        return removed;
    }

    private int index(int size) {
        try {
            int index = Integer.parseInt(key);
            int place = index < 0 ? index + size : index;
            if (place >= 0 && place < size) {
                return place;
            }
        } catch (NumberFormatException e) {
            throw JsonPatch.rejected();
        }
        throw JsonPatch.rejected();
    }
}
