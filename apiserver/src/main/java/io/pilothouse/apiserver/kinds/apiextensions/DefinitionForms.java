package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.Map;

/**
 * Between apiextensions.k8s.io/v1, which is served, and v1beta1, which upstream stores: what all versions have in common
 * stands once at the top there. Upstream validates in that form too, and so its paths are in error messages. Trees may be
 * changed.
 */
final class DefinitionForms {
    static final GroupVersionKind V1BETA1 =
            new GroupVersionKind("apiextensions.k8s.io", "v1beta1", "CustomResourceDefinition");
    static final GroupVersionKind V1 = new GroupVersionKind("apiextensions.k8s.io", "v1", "CustomResourceDefinition");

    /** The fields of a version, and what they are called at the top. */
    private static final Map<String, String> COMMON = Map.of(
            "schema",
            "validation",
            "subresources",
            "subresources",
            "additionalPrinterColumns",
            "additionalPrinterColumns",
            "selectableFields",
            "selectableFields");

    private DefinitionForms() {}

    /** To v1beta1. */
    static ObjectNode toOld(ObjectNode object) {
        object.put("kind", V1BETA1.kind()).put("apiVersion", V1BETA1.apiVersion());
        if (!(object.get("spec") instanceof ObjectNode spec)) {
            return object;
        }
        if (!spec.has("preserveUnknownFields")) {
            // What v1 does not say means no, what v1beta1 does not say means yes.
            spec.put("preserveUnknownFields", false);
        }
        conversionToOld(spec.path("conversion"));
        var versions = spec.path("versions");
        renameColumns(spec, "jsonPath", "JSONPath");
        if (!versions.isEmpty()) {
            spec.set("version", versions.get(0).path("name"));
            boolean oneSchema = isCommon(versions, "schema");
            for (var field : COMMON.entrySet()) {
                boolean common =
                        isCommon(versions, field.getKey()) && (!field.getKey().equals("selectableFields") || oneSchema);
                if (common) {
                    lift(spec, versions, field.getKey(), field.getValue());
                }
            }
        }
        return object;
    }

    private static boolean isCommon(JsonNode versions, String field) {
        JsonNode first = given(versions.get(0), field);
        for (var version : versions) {
            if (!given(version, field).equals(first)) {
                return false;
            }
        }
        return true;
    }

    /** A field's value; an empty list counts for none. */
    private static JsonNode given(JsonNode version, String field) {
        var value = version.path(field);
        return value.isMissingNode() || (value.isArray() && value.isEmpty())
                ? JsonNodeFactory.instance.nullNode()
                : value;
    }

    private static void lift(ObjectNode spec, JsonNode versions, String field, String name) {
        var value = given(versions.get(0), field);
        if (!value.isNull()) {
            spec.set(name, value);
        }
        for (var version : versions) {
            ((ObjectNode) version).remove(field);
        }
    }

    private static void conversionToOld(JsonNode conversion) {
        if (conversion instanceof ObjectNode node && node.remove("webhook") instanceof ObjectNode webhook) {
            move(webhook, "clientConfig", node, "webhookClientConfig");
            move(webhook, "conversionReviewVersions", node, "conversionReviewVersions");
        }
    }

    private static void move(ObjectNode from, String field, ObjectNode to, String name) {
        var value = from.get(field);
        if (value != null && !value.isNull()) {
            to.set(name, value);
        }
    }

    /** To v1. */
    static ObjectNode toNew(ObjectNode object) {
        object.put("kind", V1.kind()).put("apiVersion", V1.apiVersion());
        if (!(object.get("spec") instanceof ObjectNode spec)) {
            return object;
        }
        if (!spec.has("preserveUnknownFields")) {
            spec.put("preserveUnknownFields", true);
        } else if (!spec.path("preserveUnknownFields").asBoolean()) {
            spec.remove("preserveUnknownFields");
        }
        if (spec.path("conversion") instanceof ObjectNode conversion
                && (conversion.hasNonNull("webhookClientConfig")
                        || conversion.hasNonNull("conversionReviewVersions"))) {
            var webhook = JsonNodeFactory.instance.objectNode();
            move(conversion, "webhookClientConfig", webhook, "clientConfig");
            move(conversion, "conversionReviewVersions", webhook, "conversionReviewVersions");
            conversion.remove("webhookClientConfig");
            conversion.remove("conversionReviewVersions");
            conversion.set("webhook", webhook);
        }
        lower(spec);
        renameColumns(spec, "JSONPath", "jsonPath");
        spec.remove("version");
        return object;
    }

    private static void lower(ObjectNode spec) {
        ArrayNode versions = spec.withArrayProperty("versions");
        if (versions.isEmpty() && spec.hasNonNull("version")) {
            versions.addObject()
                    .put("name", spec.path("version").asText())
                    .put("served", true)
                    .put("storage", true);
        }
        COMMON.forEach((field, name) -> {
            var value = spec.remove(name);
            if (value != null && !value.isNull()) {
                for (var version : versions) {
                    ((ObjectNode) version).set(field, value.deepCopy());
                }
            }
        });
    }

    private static void renameColumns(ObjectNode spec, String from, String to) {
        rename(spec.path("additionalPrinterColumns"), from, to);
        for (var version : spec.path("versions")) {
            rename(version.path("additionalPrinterColumns"), from, to);
        }
    }

    private static void rename(JsonNode columns, String from, String to) {
        for (var column : columns) {
            if (column instanceof ObjectNode node && node.has(from)) {
                node.set(to, node.remove(from));
            }
        }
    }
}
