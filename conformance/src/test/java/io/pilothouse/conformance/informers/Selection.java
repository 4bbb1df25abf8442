package io.pilothouse.conformance.informers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;

/**
 * What an informer follows.
 *
 * @param namespace empty for all
 * @param label selector, or empty
 * @param field selector, or empty
 * @param fits the same as the selectors
 */
record Selection(Kind kind, String namespace, String label, String field, Predicate<JsonNode> fits) {
    static Selection all(Kind kind) {
        return new Selection(kind, "", "", "", object -> true);
    }

    Selection in(String one) {
        return new Selection(kind, one, label, field, fits);
    }

    Selection withLabel(String name, String value) {
        return new Selection(
                kind,
                namespace,
                name + "=" + value,
                field,
                fits.and(object -> object.path("metadata")
                        .path("labels")
                        .path(name)
                        .asText()
                        .equals(value)));
    }

    Selection withField(String path, String value) {
        var pointer = "/" + path.replace('.', '/');
        return new Selection(
                kind,
                namespace,
                label,
                path + "=" + value,
                fits.and(object -> object.at(pointer).asText().equals(value)));
    }

    boolean selects(JsonNode object) {
        return (namespace.isEmpty()
                        || namespace.equals(
                                object.path("metadata").path("namespace").asText()))
                && fits.test(object);
    }

    @Override
    public String toString() {
        return kind.path(namespace) + (label.isEmpty() ? "" : "?" + label) + (field.isEmpty() ? "" : "?" + field);
    }
}
