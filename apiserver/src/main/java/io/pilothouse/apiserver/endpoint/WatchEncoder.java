package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.apiserver.registry.WatchEvents.Event;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.schema.TypeSchema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Renders the events of one watch. For one thread: a table's columns are told only once. */
final class WatchEncoder {
    private static final byte[] END = {'}', '\n'};

    private final ApiRequest request;
    private final ObjectForm form;
    private final Output output;
    private final TypeSchema statusType;
    private boolean columnsTold;

    /** @param statusType of meta/v1 Status, for errors in protobuf */
    WatchEncoder(ApiRequest request, ObjectForm form, Output output, TypeSchema statusType) {
        this.statusType = statusType;
        this.request = request;
        this.form = form;
        this.output = output;
    }

    String contentType(Output chosen) {
        return chosen.format() == Format.PROTOBUF
                ? "application/vnd.kubernetes.protobuf;stream=watch"
                : "application/json";
    }

    /** The pieces of an event, to be sent in order. */
    byte[][] encode(Event event) {
        if (output.format() == Format.JSON && output.as().isEmpty() && event instanceof Event.Change change) {
            return new byte[][] {opening(change.type()), form.head(), form.tail(change.object()), END};
        }
        String type = switch (event) {
            case Event.Change change -> change.type();
            case Event.Bookmark bookmark -> "BOOKMARK";
            case Event.Failure failure -> "ERROR";
        };
        ObjectNode object = switch (event) {
            case Event.Change change ->
                shaped(form.tree(change.object()), change.object().revision());
            case Event.Bookmark bookmark ->
                shaped(
                        WatchEndpoint.bookmark(form, bookmark.revision(), bookmark.initialEventsEnd()),
                        bookmark.revision());
            case Event.Failure failure -> failure.status().toNode();
        };
        if (output.format() == Format.PROTOBUF) {
            return new byte[][] {frame(type, object, event instanceof Event.Failure)};
        }
        return new byte[][] {opening(type), Json.write(object), END};
    }

    private static byte[] opening(String type) {
        return ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode shaped(ObjectNode object, long revision) {
        if (output.partial()) {
            return ObjectWriter.partial(object, output.version());
        }
        if (!output.table()) {
            return object;
        }
        var columns = TableWriter.columns(form.definition());
        var table = TableWriter.header(columns, output.version());
        if (columnsTold) {
            table.putNull("columnDefinitions");
        }
        columnsTold = true;
        ((ObjectNode) table.get("metadata")).put("resourceVersion", Long.toString(revision));
        TableWriter.addRow(
                (ArrayNode) table.get("rows"),
                columns,
                object,
                ObjectWriter.include(request),
                output.version(),
                request.received());
        return table;
    }

    /** A length-delimited meta/v1 WatchEvent whose object is raw. */
    private byte[] frame(String type, ObjectNode object, boolean failure) {
        byte[] encoded = ProtobufCodec.encode(
                object, failure ? statusType : form.version().schema());
        byte[] event = ProtobufForms.watchEvent(type, encoded);
        return ByteBuffer.allocate(4 + event.length)
                .putInt(event.length)
                .put(event)
                .array();
    }
}
