package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.schema.TypeSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The protobuf messages that go around objects: lists, watch events, the envelope. */
final class ProtobufForms {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

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
    static byte[] envelope(String apiVersion, String kind, byte[] raw) {
        byte[] type = message(out -> {
            out.writeString(1, apiVersion);
            out.writeString(2, kind);
        });
        byte[] unknown = message(out -> {
            out.writeByteArray(1, type);
            out.writeByteArray(2, raw);
            out.writeString(3, "");
            out.writeString(4, "");
        });
        byte[] whole = new byte[MAGIC.length + unknown.length];
        System.arraycopy(MAGIC, 0, whole, 0, MAGIC.length);
        System.arraycopy(unknown, 0, whole, MAGIC.length, unknown.length);
        return whole;
    }

    /** A list of objects of one type. */
    static byte[] list(ObjectNode list, TypeSchema itemType) {
        byte[] metadata = listMetadata(list.path("metadata"));
        byte[] body = message(out -> {
            out.writeByteArray(1, metadata);
            for (JsonNode item : list.path("items")) {
                out.writeByteArray(2, ProtobufCodec.encodeMessage((ObjectNode) item, itemType));
            }
        });
        return envelope(list.path("apiVersion").asText(), list.path("kind").asText(), body);
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
    static byte[] watchEvent(String type, byte[] object) {
        byte[] raw = message(out -> out.writeByteArray(1, object));
        return message(out -> {
            out.writeString(1, type);
            out.writeByteArray(2, raw);
        });
    }
}
