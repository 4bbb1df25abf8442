package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.apiserver.registry.Lister;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.JsonIndent;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes objects and lists in the negotiated form. JSON is joined from the cache's ready bytes. */
final class ObjectWriter {
    private static final byte[] NEWLINE = {'\n'};
    /** What is longer when it is indented is sent as it is made: a list of a whole cluster would take more memory than there is. */
    private static final long MOST_AT_ONCE = 1 << 20;

    private ObjectWriter() {}

    /** Answers with one stored object. */
    static void object(ApiRequest request, Output output, int status, ObjectForm form, StoredObject object)
            throws IOException {
        if (output.partialList()) {
            throw Transforms.notAList(form.definition());
        }
        if (output.table()) {
            var header = tableHeader(output, form, object.revision());
            table(request, output, status, form, List.of(object), header);
        } else if (output.partial()) {
            if (output.format() == Format.PROTOBUF) {
                String version = Transforms.GROUP + output.version();
                send(
                        request,
                        output,
                        status,
                        ProtobufForms.envelope(version, "PartialObjectMetadata", form.partialMessage(object)));
            } else {
                tree(request, output, status, Transforms.ofMetadata(form.metadata(object), output.version()));
            }
        } else {
            whole(request, output, status, form, object);
        }
    }

    private static void whole(ApiRequest request, Output output, int status, ObjectForm form, StoredObject object)
            throws IOException {
        switch (output.format()) {
            case JSON -> send(request, output, status, form.head(), form.tail(object), NEWLINE);
            case YAML -> send(request, output, status, Yaml.write(form.tree(object)));
            case PROTOBUF ->
                send(
                        request,
                        output,
                        status,
                        ProtobufForms.envelope(form.apiVersion(), form.kind(), form.message(object)));
        }
    }

    /** Answers with a page of a list. */
    static void list(ApiRequest request, Output output, ObjectForm form, Lister.Page page) throws IOException {
        if (output.partial()) {
            throw Transforms.aList(form.definition());
        }
        if (output.table()) {
            var header = tableHeader(output, form, page.revision());
            listMetadata((ObjectNode) header.get("metadata"), page, form);
            table(request, output, 200, form, page.items(), header);
            return;
        }
        switch (output.format()) {
            case JSON -> {
                if (output.whole()) {
                    joined(request, output, ListBody.json(form, page.items(), listMetadata(page, form)));
                } else {
                    tree(request, output, 200, listTree(output, form, page));
                }
            }
            case YAML -> tree(request, output, 200, listTree(output, form, page));
            case PROTOBUF -> {
                var metadata = listMetadata(page, form);
                if (output.whole()) {
                    joined(request, output, ListBody.protobuf(form, page.items(), metadata));
                    return;
                }
                var items = page.items().stream().map(form::partialMessage).toList();
                send(
                        request,
                        output,
                        200,
                        ProtobufForms.list(listVersion(output, form), listKind(output, form), metadata, items));
            }
        }
    }

    private static String listVersion(Output output, ObjectForm form) {
        return output.whole() ? form.apiVersion() : Transforms.GROUP + output.version();
    }

    private static String listKind(Output output, ObjectForm form) {
        return output.whole() ? form.listKind() : "PartialObjectMetadataList";
    }

    private static ObjectNode listTree(Output output, ObjectForm form, Lister.Page page) {
        var list = JsonNodeFactory.instance.objectNode();
        list.put("kind", listKind(output, form)).put("apiVersion", listVersion(output, form));
        listMetadata(list.putObject("metadata"), page, form);
        var items = list.putArray("items");
        for (var object : page.items()) {
            if (output.whole()) {
                var item = form.tree(object);
                if (!form.definition().custom()) {
                    item.remove(List.of("kind", "apiVersion"));
                }
                items.add(item);
            } else {
                items.add(Transforms.ofMetadata(form.metadata(object), output.version()));
            }
        }
        return list;
    }

    private static void joined(ApiRequest request, Output output, ListBody body) throws IOException {
        boolean indented = output.format() == Format.JSON && output.pretty();
        if (!indented && body.isLarge() && request.takesGzip()) {
            request.respondCompressed(output.contentType(), body.pieces(), body.compressed());
        } else {
            send(request, output, 200, body.pieces());
        }
    }

    private static ObjectNode listMetadata(Lister.Page page, ObjectForm form) {
        var metadata = JsonNodeFactory.instance.objectNode();
        listMetadata(metadata, page, form);
        return metadata;
    }

    private static void listMetadata(ObjectNode metadata, Lister.Page page, ObjectForm form) {
        version(metadata, page.revision());
        if (!page.continueToken().isEmpty() || form.definition().custom()) {
            metadata.put("continue", page.continueToken());
        }
        var remaining = page.remaining();
        if (remaining != null) {
            metadata.put("remainingItemCount", remaining);
        }
    }

    /** What is not stored has no version. */
    private static void version(ObjectNode metadata, long revision) {
        if (revision > 0) {
            metadata.put("resourceVersion", Long.toString(revision));
        }
    }

    private static ObjectNode tableHeader(Output output, ObjectForm form, long revision) {
        var header = TableWriter.header(TableWriter.columns(form.definition()), output.version());
        version((ObjectNode) header.get("metadata"), revision);
        return header;
    }

    private static void table(
            ApiRequest request,
            Output output,
            int status,
            ObjectForm form,
            List<StoredObject> objects,
            ObjectNode header)
            throws IOException {
        var include = Transforms.include(request);
        if (include != TableWriter.Include.OBJECT && output.format() == Format.JSON) {
            var pieces = new ArrayList<>(List.of(TableWriter.json(
                    header, form.definition(), objects, include, output.version(), request.received())));
            pieces.add(NEWLINE);
            send(request, output, status, pieces.toArray(byte[][]::new));
            return;
        }
        var rows = (ArrayNode) header.get("rows");
        for (var object : objects) {
            TableWriter.addRow(
                    rows,
                    form.definition(),
                    object.open(form.definition()),
                    form.tree(object),
                    include,
                    output.version(),
                    request.received());
        }
        tree(request, output, status, header);
    }

    /** Answers with an object that is not stored, in any form. */
    static void single(ApiRequest request, Output output, List<Column> columns, ObjectNode object, TypeSchema schema)
            throws IOException {
        if (output.table()) {
            var table = TableWriter.header(columns, output.version());
            ((ObjectNode) table.get("metadata")).put("resourceVersion", ObjectMeta.resourceVersion(object));
            TableWriter.addRow(
                    (ArrayNode) table.get("rows"),
                    columns,
                    object,
                    Transforms.include(request),
                    output.version(),
                    request.received());
            tree(request, output, 200, table);
        } else if (output.partial()) {
            partial(request, output, object, schema);
        } else {
            tree(request, output, 200, object, schema);
        }
    }

    private static void partial(ApiRequest request, Output output, ObjectNode object, TypeSchema schema)
            throws IOException {
        var metadata = schema.field("metadata");
        if (output.format() == Format.PROTOBUF && metadata != null) {
            byte[] message = ProtobufForms.partial(ObjectMeta.of(object), metadata.type());
            String version = Transforms.GROUP + output.version();
            send(request, output, 200, ProtobufForms.envelope(version, "PartialObjectMetadata", message));
        } else {
            tree(request, output, 200, Transforms.partial(object, output.version()));
        }
    }

    /** Answers with a tree that has no protobuf form. */
    private static void tree(ApiRequest request, Output output, int status, ObjectNode tree) throws IOException {
        if (output.format() == Format.YAML) {
            send(request, output, status, Yaml.write(tree));
        } else {
            send(request, output, status, Json.write(tree), NEWLINE);
        }
    }

    /** Answers with a tree of a type. */
    static void tree(ApiRequest request, Output output, int status, ObjectNode tree, TypeSchema schema)
            throws IOException {
        if (output.format() == Format.PROTOBUF) {
            send(request, output, status, ProtobufCodec.encode(tree, schema));
        } else {
            tree(request, output, status, tree);
        }
    }

    private static void send(ApiRequest request, Output output, int status, byte[]... pieces) throws IOException {
        if (output.format() != Format.JSON || !output.pretty()) {
            request.respond(status, output.contentType(), pieces);
            return;
        }
        var text = JsonIndent.measured(pieces);
        if (text.tooLong()) {
            request.respond(status, output.contentType(), pieces);
        } else if (text.length() <= MOST_AT_ONCE) {
            request.respond(status, output.contentType(), text.bytes());
        } else {
            request.respondIndented(status, output.contentType(), pieces, text);
        }
    }
}
