package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.Arrays;

/**
 * Upstream's storage form: the four bytes {@code k8s\0}, then a runtime.Unknown with the object's apiVersion and kind and its message.
 * The bytes are those that kube-apiserver writes. Stateless.
 */
public final class ProtobufCodec {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private ProtobufCodec() {}

    /** An envelope taken apart; {@code raw} is the object's message. */
    @SuppressWarnings("ArrayRecordComponent") // read-only bytes, never compared
    public record Envelope(String apiVersion, String kind, byte[] raw, String contentEncoding, String contentType) {
        public GroupVersionKind groupVersionKind() {
            return GroupVersionKind.of(apiVersion, kind);
        }
    }

    public static boolean isProtobuf(byte[] bytes) {
        return bytes.length >= 4 && Arrays.equals(bytes, 0, 4, MAGIC, 0, 4);
    }

    /** The stored form of an object, which must have been read with its type. */
    public static byte[] encode(ObjectNode object, TypeSchema type) {
        return wrap(
                object,
                type,
                object.path("apiVersion").asText(""),
                object.path("kind").asText(""));
    }

    /** The stored form of an object whose kind is said here. */
    public static byte[] encode(ObjectNode object, TypeSchema type, GroupVersionKind kind) {
        return wrap(object, type, kind.apiVersion(), kind.kind());
    }

    private static byte[] wrap(ObjectNode object, TypeSchema type, String apiVersion, String kind) {
        BackwardBuffer out = new BackwardBuffer(1024);
        out.stringField(4, "");
        out.stringField(3, "");
        int before = out.size();
        new ProtobufWriter(out).object(object, type.plan());
        out.head(2, before);
        before = out.size();
        out.stringField(2, kind);
        out.stringField(1, apiVersion);
        out.head(1, before);
        out.put(MAGIC);
        return out.toByteArray();
    }

    /** An object's message with no envelope. */
    public static byte[] encodeMessage(ObjectNode object, TypeSchema type) {
        BackwardBuffer out = new BackwardBuffer(1024);
        new ProtobufWriter(out).object(object, type.plan());
        return out.toByteArray();
    }

    /** Opens an envelope. */
    public static Envelope open(byte[] bytes) {
        if (!isProtobuf(bytes)) {
            throw new DecodeException(
                    "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }
        WireReader in = new WireReader(bytes, 4);
        String[] meta = {"", ""};
        byte[] raw = {};
        String encoding = "";
        String type = "";
        while (in.position() < bytes.length) {
            int tag = in.tag();
            switch (tag >>> 3) {
                case 1 -> typeMeta(in, in.end(tag & 7), meta);
                case 2 -> raw = in.bytes(tag & 7);
                case 3 -> encoding = in.string(tag & 7);
                case 4 -> type = in.string(tag & 7);
                default -> in.skip(tag & 7);
            }
        }
        return new Envelope(meta[0], meta[1], raw, encoding, type);
    }

    private static void typeMeta(WireReader in, int end, String[] meta) {
        while (in.position() < end) {
            int tag = in.tag();
            int field = tag >>> 3;
            if (field == 1 || field == 2) {
                meta[field - 1] = in.string(tag & 7);
            } else {
                in.skip(tag & 7);
            }
        }
    }

    /** Reads the stored form into a tree with its kind and apiVersion first. */
    public static ObjectNode decode(byte[] bytes, TypeSchema type) {
        return decode(open(bytes), type);
    }

    /** Reads an opened envelope into a tree with its kind and apiVersion first. */
    public static ObjectNode decode(Envelope envelope, TypeSchema type) {
        ObjectNode body = decodeMessage(envelope.raw(), type);
        ObjectNode out = body.objectNode();
        if (!envelope.kind().isEmpty()) {
            out.put("kind", envelope.kind());
        }
        if (!envelope.apiVersion().isEmpty()) {
            out.put("apiVersion", envelope.apiVersion());
        }
        out.setAll(body);
        return out;
    }

    /** Reads a message with no envelope. */
    public static ObjectNode decodeMessage(byte[] message, TypeSchema type) {
        return new ProtobufReader(new WireReader(message, 0)).object(type, message.length);
    }
}
