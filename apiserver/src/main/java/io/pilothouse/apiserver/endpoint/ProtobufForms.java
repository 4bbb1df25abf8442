package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

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

    /** A list of messages that are ready. */
    static byte[] list(String apiVersion, String kind, JsonNode listMetadata, List<byte[]> items) {
        byte[] metadata = listMetadata(listMetadata);
        byte[] body = message(out -> {
            out.writeByteArray(1, metadata);
            for (byte[] item : items) {
                out.writeByteArray(2, item);
            }
        });
        return envelope(apiVersion, kind, body);
    }

    /** The message of a PartialObjectMetadata. */
    static byte[] partial(ObjectNode metadata, TypeSchema objectMeta) {
        byte[] encoded = ProtobufCodec.encodeMessage(metadata, objectMeta);
        return message(out -> out.writeByteArray(1, encoded));
    }

    /** A Status in its envelope. */
    static byte[] status(Status status) {
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
    static byte[] watchEvent(String type, byte[] object) {
        byte[] raw = message(out -> out.writeByteArray(1, object));
        return message(out -> {
            out.writeString(1, type);
            out.writeByteArray(2, raw);
        });
    }
}
