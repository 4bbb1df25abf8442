package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The protobuf messages that go around objects: lists, watch events, the envelope. What may be large is made of pieces that are sent in their order,
 * so that no object's message is copied.
 */
final class ProtobufForms {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    /** The envelope's last two fields, contentEncoding and contentType, which are empty. */
    private static final byte[] NO_ENCODING = {0x1a, 0, 0x22, 0};

    private ProtobufForms() {}

    /** Writes fields. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        try {
            var bytes = new ByteArrayOutputStream();
            var out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written to", e);
        }
    }

    /** runtime.Unknown around a message, after the magic bytes. */
    static byte[][] envelope(String apiVersion, String kind, byte[]... raw) {
        byte[] type = message(out -> {
            out.writeString(1, apiVersion);
            out.writeString(2, kind);
        });
        int length = length(raw);
        byte[] head = message(out -> {
            out.writeRawBytes(MAGIC);
            out.writeByteArray(1, type);
            start(out, 2, length);
        });
        byte[][] whole = around(head, raw, 1);
        whole[whole.length - 1] = NO_ENCODING;
        return whole;
    }

    /** A list of messages that are ready. */
    static byte[][] list(String apiVersion, String kind, JsonNode listMetadata, List<byte[]> items) {
        byte[] metadata = listMetadata(listMetadata);
        byte[][] pieces = new byte[items.size() * 2 + 1][];
        pieces[0] = message(out -> out.writeByteArray(1, metadata));
        for (int i = 0; i < items.size(); i++) {
            byte[] item = items.get(i);
            pieces[2 * i + 1] = itemStart(item.length);
            pieces[2 * i + 2] = item;
        }
        return envelope(apiVersion, kind, pieces);
    }

    /** Field 2 of so many bytes, which come after. */
    private static byte[] itemStart(int length) {
        byte[] start = new byte[1 + CodedOutputStream.computeUInt32SizeNoTag(length)];
        try {
            start(CodedOutputStream.newInstance(start), 2, length);
        } catch (IOException e) {
            throw new UncheckedIOException("there is room for it", e);
        }
        return start;
    }

    /** Begins a field of so many bytes, which come after. */
    private static void start(CodedOutputStream out, int field, int length) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(length);
    }

    private static int length(byte[]... pieces) {
        int length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        return length;
    }

    /** @param room for so many more pieces at the end */
    private static byte[][] around(byte[] head, byte[][] pieces, int room) {
        byte[][] whole = new byte[pieces.length + 1 + room][];
        whole[0] = head;
        System.arraycopy(pieces, 0, whole, 1, pieces.length);
        return whole;
    }

    /** The message of a PartialObjectMetadata. */
    static byte[] partial(ObjectNode metadata, TypeSchema objectMeta) {
        byte[] encoded = ProtobufCodec.encodeMessage(metadata, objectMeta);
        return message(out -> out.writeByteArray(1, encoded));
    }

    /** A Status in its envelope. */
    static byte[][] status(Status status) {
        byte[] metadata = listMetadata(status.toNode().path("metadata"));
        var details = status.details();
        return envelope("v1", "Status", message(out -> {
            out.writeByteArray(1, metadata);
            out.writeString(2, status.status());
            out.writeString(3, status.message());
            out.writeString(4, status.reason());
            if (details != null) {
                out.writeByteArray(5, details(details));
            }
            out.writeInt32(6, status.code());
        }));
    }

    private static byte[] details(Status.Details details) {
        return message(out -> {
            out.writeString(1, details.name());
            out.writeString(2, details.group());
            out.writeString(3, details.kind());
            for (var cause : details.causes()) {
                out.writeByteArray(4, message(inner -> {
                    inner.writeString(1, cause.reason());
                    inner.writeString(2, cause.message());
                    inner.writeString(3, cause.field());
                }));
            }
            out.writeInt32(5, details.retryAfterSeconds());
            out.writeString(6, details.uid());
        });
    }

    private static byte[] listMetadata(JsonNode metadata) {
        return message(out -> {
            out.writeString(1, metadata.path("selfLink").asText(""));
            out.writeString(2, metadata.path("resourceVersion").asText(""));
            out.writeString(3, metadata.path("continue").asText(""));
            if (metadata.hasNonNull("remainingItemCount")) {
                out.writeInt64(4, metadata.get("remainingItemCount").asLong());
            }
        });
    }

    /** meta/v1 WatchEvent around an object in its envelope. */
    static byte[][] watchEvent(String type, byte[]... object) {
        int length = length(object);
        byte[] raw = message(out -> start(out, 1, length));
        byte[] head = message(out -> {
            out.writeString(1, type);
            start(out, 2, raw.length + length);
            out.writeRawBytes(raw);
        });
        return around(head, object, 0);
    }

    /** A message with its length in front, in four bytes, as a stream carries it. */
    static byte[][] frame(byte[]... message) {
        return around(ByteBuffer.allocate(Integer.BYTES).putInt(length(message)).array(), message, 0);
    }
}
