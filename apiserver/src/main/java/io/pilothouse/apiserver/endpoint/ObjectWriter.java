package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.apiserver.registry.Lister;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes objects and lists in the negotiated form. JSON is joined from the cache's ready bytes. */
final class ObjectWriter {
    private static final byte[] COMMA = {','};
    private static final byte[] LIST_END = "]}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEWLINE = {'\n'};

    private ObjectWriter() {}

    /** Answers with one stored object. */
    static void object(ApiRequest request, Output output, int status, ObjectForm form, StoredObject object)
            throws IOException {
        if (output.format() == Format.JSON && output.as().isEmpty()) {
            send(request, status, output.contentType(), form.head(), form.tail(object), NEWLINE);
            return;
        }
        if (output.table()) {
            var table = table(request, output, form, List.of(object), object.revision());
            tree(request, output, status, table, null);
        } else if (output.partial()) {
            tree(request, output, status, partial(form.tree(object), output.version()), null);
        } else {
            tree(request, output, status, form.tree(object), form.version().schema());
        }
    }

    /** Answers with a page of a list. */
    static void list(ApiRequest request, Output output, ObjectForm form, Lister.Page page) throws IOException {
        if (output.format() == Format.JSON && output.as().isEmpty()) {
            joined(request, output, form, page);
            return;
        }
        if (output.table()) {
            var table = table(request, output, form, page.items(), page.revision());
            listMetadata((ObjectNode) table.get("metadata"), page, form);
            tree(request, output, 200, table, null);
            return;
        }
        var list = JsonNodeFactory.instance.objectNode();
        list.put("kind", output.partial() ? "PartialObjectMetadataList" : form.listKind());
        list.put("apiVersion", output.partial() ? "meta.k8s.io/" + output.version() : form.apiVersion());
        listMetadata(list.putObject("metadata"), page, form);
        var items = list.putArray("items");
        for (var object : page.items()) {
            var item = form.tree(object);
            if (output.partial()) {
                var partial = partial(item, output.version());
                items.add(partial);
            } else {
                if (!form.definition().custom()) {
                    item.remove("kind");
                    item.remove("apiVersion");
                }
                items.add(item);
            }
        }
        if (output.format() == Format.PROTOBUF && !output.partial()) {
            byte[] encoded = ProtobufForms.list(list, form.version().schema());
            send(request, 200, output.contentType(), encoded);
        } else {
            tree(request, output, 200, list, null);
        }
    }

    private static void joined(ApiRequest request, Output output, ObjectForm form, Lister.Page page)
            throws IOException {
        var metadata = JsonNodeFactory.instance.objectNode();
        listMetadata(metadata, page, form);
        var pieces = new ArrayList<byte[]>(page.items().size() * 3 + 3);
        pieces.add(("{\"kind\":\"" + form.listKind() + "\",\"apiVersion\":\"" + form.apiVersion() + "\",\"metadata\":"
                        + Json.text(metadata) + ",\"items\":[")
                .getBytes(StandardCharsets.UTF_8));
        byte[] itemHead = form.itemHead();
        boolean first = true;
        for (var object : page.items()) {
            if (!first) {
                pieces.add(COMMA);
            }
            first = false;
            pieces.add(itemHead);
            pieces.add(form.tail(object));
        }
        pieces.add(LIST_END);
        pieces.add(NEWLINE);
        send(request, 200, output.contentType(), pieces.toArray(byte[][]::new));
    }

    private static void listMetadata(ObjectNode metadata, Lister.Page page, ObjectForm form) {
        metadata.put("resourceVersion", Long.toString(page.revision()));
        if (!page.continueToken().isEmpty() || form.definition().custom()) {
            metadata.put("continue", page.continueToken());
        }
        var remaining = page.remaining();
        if (remaining != null) {
            metadata.put("remainingItemCount", remaining);
        }
    }

    private static ObjectNode table(
            ApiRequest request, Output output, ObjectForm form, List<StoredObject> objects, long revision) {
        var columns = TableWriter.columns(form.definition());
        var table = TableWriter.header(columns, output.version());
        ((ObjectNode) table.get("metadata")).put("resourceVersion", Long.toString(revision));
        var rows = (ArrayNode) table.get("rows");
        var include = include(request);
        for (var object : objects) {
            TableWriter.addRow(rows, columns, form.tree(object), include, output.version(), request.received());
        }
        return table;
    }

    /** @throws StatusException 400 for a value that is not known */
    static TableWriter.Include include(ApiRequest request) {
        return switch (request.query().first("includeObject")) {
            case "", "Metadata" -> TableWriter.Include.METADATA;
            case "None" -> TableWriter.Include.NONE;
            case "Object" -> TableWriter.Include.OBJECT;
            default ->
                throw StatusException.badRequest(
                        "unrecognized includeObject value: \"" + request.query().first("includeObject") + "\"");
        };
    }

    static ObjectNode partial(ObjectNode object, String version) {
        var partial = JsonNodeFactory.instance.objectNode();
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/" + version);
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    /** Answers with a tree; a schema is needed for a protobuf form. */
    static void tree(
            ApiRequest request,
            Output output,
            int status,
            ObjectNode tree,
            @org.jspecify.annotations.Nullable TypeSchema schema)
            throws IOException {
        switch (output.format()) {
            case YAML -> send(request, status, output.contentType(), Yaml.write(tree));
            case PROTOBUF -> {
                if (schema == null) {
                    throw StatusException.notAcceptable(List.of("application/json", "application/yaml"));
                }
                send(request, status, output.contentType(), ProtobufCodec.encode(tree, schema));
            }
            case JSON -> send(request, status, output.contentType(), json(tree, output.pretty()), NEWLINE);
        }
    }

    private static byte[] json(JsonNode tree, boolean pretty) {
        return pretty ? tree.toPrettyString().getBytes(StandardCharsets.UTF_8) : Json.write(tree);
    }

    private static void send(ApiRequest request, int status, String contentType, byte[]... pieces) throws IOException {
        request.exchange().respond(status, request.answerHeaders(contentType), pieces);
    }
}
