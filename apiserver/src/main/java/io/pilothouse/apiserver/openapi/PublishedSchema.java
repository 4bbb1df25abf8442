package io.pilothouse.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.schema.OpenApi;
import java.util.List;
import java.util.function.Consumer;

/**
 * A custom resource's schema as it is published. Version 3 says what int-or-string means; version 2 leaves out what its clients, old
 * kubectls, cannot read: alternatives, nullable, fields beside unknown ones, defaults.
 */
final class PublishedSchema {
    private static final String UNKNOWN = "x-kubernetes-preserve-unknown-fields";

    private final boolean old;
    private final Consumer<ObjectNode> embedded;

    /** @param embedded adds what objects embedded in others have */
    PublishedSchema(OpenApi.Version version, Consumer<ObjectNode> embedded) {
        this.old = version == OpenApi.Version.V2;
        this.embedded = embedded;
    }

    /** A copy of the schema in its published form. */
    ObjectNode of(ObjectNode schema) {
        var out = schema.deepCopy();
        visit(out);
        return out;
    }

    private void visit(ObjectNode schema) {
        if (old) {
            prune(schema);
        } else {
            unfold(schema);
        }
        for (JsonNode property : schema.path("properties")) {
            visitIfSchema(property);
        }
        visitIfSchema(schema.path("items"));
        visitIfSchema(schema.path("additionalProperties"));
        boolean closed = !old || !schema.path(UNKNOWN).asBoolean();
        if (closed && schema.path("x-kubernetes-embedded-resource").asBoolean()) {
            embedded.accept(schema);
        }
    }

    private void visitIfSchema(JsonNode node) {
        if (node instanceof ObjectNode schema) {
            visit(schema);
        }
    }

    private static void prune(ObjectNode schema) {
        boolean nullable = schema.path("nullable").asBoolean();
        boolean unknown = schema.path(UNKNOWN).asBoolean();
        dropNullable(schema);
        schema.remove(List.of("allOf", "anyOf", "oneOf", "not", "nullable", "default"));
        if (nullable || unknown) {
            schema.remove(List.of("items", "properties"));
        }
        if (nullable
                || (unknown && schema.path("type").asText().equals("object"))
                || (!schema.has("items") && schema.path("type").asText().equals("array"))) {
            schema.remove("type");
        }
    }

    /** A field that may be null is not required: to say so would not help those who cannot read nullable. */
    private static void dropNullable(ObjectNode schema) {
        if (schema.path("additionalProperties").path("nullable").asBoolean()) {
            schema.remove("required");
        }
        if (schema.path("required") instanceof ArrayNode required) {
            for (int i = required.size() - 1; i >= 0; i--) {
                if (schema.path("properties")
                        .path(required.get(i).asText())
                        .path("nullable")
                        .asBoolean()) {
                    required.remove(i);
                }
            }
            if (required.isEmpty()) {
                schema.remove("required");
            }
        }
    }

    private static void unfold(ObjectNode schema) {
        if (!schema.path("x-kubernetes-int-or-string").asBoolean() || saysSo(schema)) {
            return;
        }
        if (schema.path("anyOf").isEmpty()) {
            integerOrString(schema.putArray("anyOf"));
        } else {
            integerOrString(schema.withArrayProperty("allOf").insertObject(0).putArray("anyOf"));
        }
    }

    private static boolean saysSo(ObjectNode schema) {
        return isIntegerOrString(schema.path("anyOf"))
                || isIntegerOrString(schema.path("allOf").path(0).path("anyOf"));
    }

    private static boolean isIntegerOrString(JsonNode anyOf) {
        return anyOf.size() == 2
                && anyOf.path(0).path("type").asText().equals("integer")
                && anyOf.path(1).path("type").asText().equals("string");
    }

    private static void integerOrString(ArrayNode anyOf) {
        anyOf.addObject().put("type", "integer");
        anyOf.addObject().put("type", "string");
    }
}
