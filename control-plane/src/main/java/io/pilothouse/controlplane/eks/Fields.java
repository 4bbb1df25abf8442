package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A JSON object of a request, read with EKS's errors. */
public final class Fields {
    private final JsonNode node;
    private final String where;

    /** @param where the object's name, for messages; empty at the top */
    public Fields(JsonNode node, String where) {
        if (!node.isObject() && !node.isMissingNode() && !node.isNull()) {
            throw EksException.badRequest((where.isEmpty() ? "The request's body" : where) + " is not a JSON object.");
        }
        this.node = node;
        this.where = where;
    }

    /** Refuses all other members: what is not known is not silently dropped. */
    public Fields only(String... known) {
        Set<String> all = Set.of(known);
        node.fieldNames().forEachRemaining(name -> {
            if (!all.contains(name) && !node.get(name).isNull()) {
                throw EksException.invalidRequest("The parameter " + where(name) + " is not supported by Pilothouse.");
            }
        });
        return this;
    }

    private String where(String name) {
        return where.isEmpty() ? name : where + "." + name;
    }

    /** Whether a member is there. */
    public boolean has(String name) {
        return node.hasNonNull(name);
    }

    /** A text. */
    public Optional<String> text(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw EksException.badRequest(where(name) + " is not a string.");
        }
        return Optional.of(value.textValue());
    }

    /** A text that must be there. */
    public String required(String name) {
        return text(name)
                .filter(t -> !t.isEmpty())
                .orElseThrow(() -> EksException.invalidParameter("The parameter " + where(name) + " is required."));
    }

    /** A text that is one of a few. */
    public String oneOf(String name, String otherwise, Set<String> allowed) {
        String value = text(name).orElse(otherwise);
        if (!allowed.contains(value)) {
            throw EksException.invalidParameter(
                    where(name) + " must be one of " + allowed.stream().sorted().toList() + ", not " + value + ".");
        }
        return value;
    }

    /** A boolean. */
    public boolean bool(String name, boolean otherwise) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw EksException.badRequest(where(name) + " is not a boolean.");
        }
        return value.booleanValue();
    }

    /** An integer. */
    public int integer(String name, int otherwise) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isInt()) {
            throw EksException.badRequest(where(name) + " is not an integer.");
        }
        return value.intValue();
    }

    /** A list of texts; empty when it is not there. */
    public List<String> texts(String name) {
        List<String> all = new ArrayList<>();
        for (JsonNode item : array(name)) {
            if (!item.isTextual()) {
                throw EksException.badRequest(where(name) + " is not a list of strings.");
            }
            all.add(item.textValue());
        }
        return all;
    }

    /** A list of objects. */
    public List<Fields> objects(String name) {
        List<Fields> all = new ArrayList<>();
        array(name).forEach(item -> all.add(new Fields(item, where(name))));
        return all;
    }

    private JsonNode array(String name) {
        JsonNode value = node.path(name);
        if (!value.isArray() && !value.isMissingNode() && !value.isNull()) {
            throw EksException.badRequest(where(name) + " is not a list.");
        }
        return value;
    }

    /** An object; one without members when it is not there. */
    public Fields object(String name) {
        return new Fields(node.path(name), where(name));
    }

    /** An object of texts. */
    public Map<String, String> map(String name) {
        Map<String, String> all = new TreeMap<>();
        Fields object = object(name);
        object.node
                .fieldNames()
                .forEachRemaining(key -> all.put(key, object.text(key).orElse("")));
        return all;
    }

    /** Its JSON text, as a fingerprint of the request. */
    String fingerprint() {
        return node.toString();
    }
}
