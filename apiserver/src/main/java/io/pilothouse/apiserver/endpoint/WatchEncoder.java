package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.apiserver.registry.WatchEvents.Event;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders the events of one watch. For one thread: a table's columns are told only once. */
final class WatchEncoder {
    private static final byte[] END = {'}', '\n'};

    private final ApiRequest request;
    private final ObjectForm form;
    private final Output output;
    private final TableWriter.Include include;
    private final List<Column> columns;
    private boolean columnsTold;

    /** @throws io.pilothouse.machinery.status.StatusException 400 if the client asks for a table that cannot be made */
    WatchEncoder(ApiRequest request, ObjectForm form, Output output) {
        this.request = request;
        this.form = form;
        this.output = output;
        this.include = output.table() ? Transforms.include(request) : TableWriter.Include.NONE;
        this.columns = TableWriter.columns(form.definition());
    }

    String contentType() {
        return output.format() == Format.PROTOBUF
                ? "application/vnd.kubernetes.protobuf;stream=watch"
                : output.contentType();
    }

    boolean text() {
        return output.format() == Format.JSON;
    }

    /** Whether the client asked for what no event can be shown as: upstream's stream then ends at the first one. */
    boolean impossible() {
        return output.partialList();
    }

    /** Whether its events are those of every other watch of this version and format, and are made without a call to anybody. */
    boolean shares() {
        return output.whole() && form.definition().cachedForm().asHandled();
    }

    /** What all whose {@link #pieces} are the same have in common: the version, by identity, and the format. */
    record Kind(ServedVersion version, Format format) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Kind that && version == that.version && format == that.format;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(version) + format.hashCode();
        }
    }

    Kind kind() {
        return new Kind(form.version(), output.format());
    }

    /** The pieces of an event as a stream carries them, to be sent in order. */
    byte[][] pieces(Event event) {
        return text() ? json(event) : frame(event);
    }

    /** The pieces of an event in JSON, a line; to be sent in order. */
    byte[][] json(Event event) {
        return switch (event) {
            case Event.Change(var type, var object) ->
                output.whole()
                        ? new byte[][] {opening(type), form.head(), form.tail(object), END}
                        : line(type, shaped(form.tree(object), object.open(form.definition()), include));
            case Event.Bookmark bookmark -> line("BOOKMARK", bookmark(bookmark));
            case Event.Failure failure -> line("ERROR", failure.status().toNode());
        };
    }

    private static byte[][] line(String type, ObjectNode object) {
        return new byte[][] {opening(type), Json.write(object), END};
    }

    private static byte[] opening(String type) {
        return ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.UTF_8);
    }

    /** A meta/v1 WatchEvent whose object is raw protobuf, with no length in front. */
    byte[][] message(Event event) {
        return switch (event) {
            case Event.Change(var type, var object) ->
                ProtobufForms.watchEvent(
                        type, envelope(output.whole() ? form.message(object) : form.partialMessage(object)));
            case Event.Bookmark bookmark -> ProtobufForms.watchEvent("BOOKMARK", bookmarkMessage(bookmark));
            case Event.Failure failure -> ProtobufForms.watchEvent("ERROR", ProtobufForms.status(failure.status()));
        };
    }

    /** The same with its length in front. */
    private byte[][] frame(Event event) {
        return ProtobufForms.frame(message(event));
    }

    private byte[][] envelope(byte[] message) {
        return output.whole()
                ? ProtobufForms.envelope(form.apiVersion(), form.kind(), message)
                : ProtobufForms.envelope(Transforms.GROUP + output.version(), "PartialObjectMetadata", message);
    }

    private byte[][] bookmarkMessage(Event.Bookmark event) {
        var object = bare(event);
        TypeSchema type = form.version().schema();
        return envelope(
                output.whole()
                        ? ProtobufCodec.encodeMessage(object, type)
                        : ProtobufForms.partial(ObjectMeta.of(object), form.metadataType()));
    }

    private ObjectNode bookmark(Event.Bookmark event) {
        var object = bare(event);
        return shaped(object, object, event.initialEventsEnd() ? TableWriter.Include.METADATA : include);
    }

    /** An object of the kind with nothing in it but the revision, and the mark of the end of the initial events. */
    private ObjectNode bare(Event.Bookmark event) {
        var object =
                JsonNodeFactory.instance.objectNode().put("kind", form.kind()).put("apiVersion", form.apiVersion());
        var empty = form.definition().custom()
                ? JsonNodeFactory.instance.objectNode()
                : form.version().schema().emptyObject();
        object.setAll(empty);
        var metadata = object.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(event.revision()));
        if (event.initialEventsEnd()) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return object;
    }

    /** @param stored the same object in its storage version, of which the cells of a table are told */
    private ObjectNode shaped(ObjectNode object, ObjectNode stored, TableWriter.Include shown) {
        if (output.partial()) {
            return Transforms.partial(object, output.version());
        }
        if (!output.table()) {
            return object;
        }
        var table = TableWriter.header(columns, output.version());
        if (columnsTold) {
            table.putNull("columnDefinitions");
        }
        columnsTold = true;
        ((ObjectNode) table.get("metadata")).put("resourceVersion", ObjectMeta.resourceVersion(object));
        TableWriter.addRow(
                (ArrayNode) table.get("rows"),
                form.definition(),
                stored,
                object,
                shown,
                output.version(),
                request.received());
        return table;
    }
}
