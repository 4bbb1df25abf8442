package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.apiserver.registry.WatchEvents.Event;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Renders the events of one watch. For one thread: a table's columns are told only once. */
final class WatchEncoder implements SharedFrames.Encoder {
    private static final byte[] END = {'}', '\n'};

    private final ObjectForm form;
    private final Output output;
    private final TableWriter.Include include;
    private final Instant received;
    private final List<Column> columns;
    private final SharedFrames.Kind kind;
    private boolean columnsTold;

    /**
     * For one watch.
     *
     * @param include what a table's rows carry
     * @param received when the watch was asked for, from which ages in tables are told
     */
    WatchEncoder(ObjectForm form, Output output, TableWriter.Include include, Instant received) {
        this.form = form;
        this.output = output;
        this.include = include;
        this.received = received;
        this.columns = TableWriter.columns(form.definition());
        this.kind = new SharedFrames.Kind(form.version(), output.format(), output.partial() ? output.version() : "");
    }

    /** @throws io.pilothouse.machinery.status.StatusException 400 if the client asks for a table that cannot be made */
    static WatchEncoder of(ApiRequest request, ObjectForm form, Output output) {
        var include = output.table() ? Transforms.include(request) : TableWriter.Include.NONE;
        return new WatchEncoder(form, output, include, request.received());
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

    /**
     * Whether its events are those of every other watch of its {@link #kind}, and are made without a call to another server. That stays so while the
     * watch is open: it shows and selects objects as the definition says under which it was begun, and a changed one is another, with watches of its own.
     */
    boolean shares() {
        return (output.whole() || output.partial())
                && !form.definition().cachedForm().remote();
    }

    @Override
    public SharedFrames.Kind kind() {
        return kind;
    }

    @Override
    public byte[][] pieces(Event event) {
        return text() ? json(event) : frame(event);
    }

    /** The pieces of an event in JSON, a line; to be sent in order. */
    byte[][] json(Event event) {
        return switch (event) {
            case Event.Change(var type, var object) -> change(type, object);
            case Event.Bookmark bookmark -> line("BOOKMARK", bookmark(bookmark));
            case Event.Failure failure -> line("ERROR", failure.status().toNode());
        };
    }

    private byte[][] change(String type, StoredObject object) {
        if (output.whole()) {
            return new byte[][] {opening(type), form.head(), form.tail(object), END};
        }
        if (output.partial()) {
            return line(type, Transforms.ofMetadata(form.metadata(object), output.version()));
        }
        var stored = object.open(form.definition());
        // A custom resource is opened in the version in which it is shown, and a webhook need not convert it twice.
        return line(type, shaped(form.definition().custom() ? stored : form.tree(object), stored, include));
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
                (ArrayNode) table.get("rows"), form.definition(), stored, object, shown, output.version(), received);
        return table;
    }
}
