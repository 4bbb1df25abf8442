package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.status.StatusException;

/** What objects can be turned into on their way out: tables and metadata alone. */
final class Transforms {
    static final String GROUP = "meta.k8s.io/";

    private Transforms() {}

    static ObjectNode partial(ObjectNode object, String version) {
        return ofMetadata(object.path("metadata"), version);
    }

    static ObjectNode ofMetadata(JsonNode metadata, String version) {
        var partial = JsonNodeFactory.instance.objectNode();
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", GROUP + version);
        partial.set("metadata", metadata);
        return partial;
    }

    /** @throws StatusException 400 for a value that is not known */
    static TableWriter.Include include(ApiRequest request) {
        String wanted = request.query().first("includeObject");
        return switch (wanted) {
            case "", "Metadata" -> TableWriter.Include.METADATA;
            case "None" -> TableWriter.Include.NONE;
            case "Object" -> TableWriter.Include.OBJECT;
            default ->
                throw StatusException.badRequest(
                        "Unable to convert to Table as requested: includeObject: Invalid value: \"" + wanted
                                + "\": must be 'Metadata', 'Object', 'None', or empty");
        };
    }

    /** 406: one object was asked for as if it were many. */
    static StatusException notAList(ResourceDefinition definition) {
        return StatusException.of(
                406,
                "NotAcceptable",
                "you requested PartialObjectMetadataList, but the requested object is not a list (" + goType(definition)
                        + ")");
    }

    /** 406: many objects were asked for as if they were one. */
    static StatusException aList(ResourceDefinition definition) {
        return StatusException.of(
                406,
                "NotAcceptable",
                "you requested PartialObjectMetadata, but the requested object is a list (" + goType(definition)
                        + (definition.custom()
                                ? "List"
                                : definition
                                        .listKind()
                                        .substring(definition.kind().length()))
                        + ")");
    }

    /** The name by which upstream's messages call a kind: its type there. */
    private static String goType(ResourceDefinition definition) {
        return definition.custom()
                ? "*unstructured.Unstructured"
                : "*" + internalName(definition.storageVersion().kind());
    }

    /** The type by which upstream handles a built-in kind in all versions. */
    static String internalName(GroupVersionKind kind) {
        String group = kind.group();
        String home = switch (group) {
            case "", "events.k8s.io" -> "core";
            case "internal.apiserver.k8s.io" -> "apiserverinternal";
            default -> group.contains(".") ? group.substring(0, group.indexOf('.')) : group;
        };
        return home + "." + kind.kind();
    }
}
