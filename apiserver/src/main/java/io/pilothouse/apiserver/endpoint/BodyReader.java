package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.http.BodyTooLargeException;
import io.pilothouse.http.Exchange;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.codec.StrictDecodingException;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Reads request bodies: bytes of any supported form into a tree of the expected kind. */
final class BodyReader {
    /** Upstream's limit for a body, bytes. */
    static final int LIMIT = 3 * 1024 * 1024;

    private static final List<String> MEDIA_TYPES =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final int SHOWN = 30;

    private BodyReader() {}

    /** The bytes of a body. @throws StatusException 413 over the limit */
    static byte[] bytes(Exchange exchange) throws IOException {
        try {
            return exchange.body(LIMIT);
        } catch (BodyTooLargeException e) {
            throw StatusException.requestEntityTooLarge("limit is " + LIMIT);
        }
    }

    /** The media type of a body; JSON where the client does not say. */
    static String contentType(Exchange exchange) {
        String header = exchange.headers().first("content-type").orElse("");
        int end = header.indexOf(';');
        String type = (end < 0 ? header : header.substring(0, end)).trim().toLowerCase(Locale.ROOT);
        return type.isEmpty() ? "application/json" : type;
    }

    /**
     * Reads a body as an object of a kind.
     *
     * @throws StatusException 415 for an unknown form, 413 for too much, 400 for what cannot be read
     */
    static ObjectNode read(
            Exchange exchange,
            GroupVersionKind kind,
            TypeSchema schema,
            FieldValidation validation,
            Consumer<String> warnings)
            throws IOException {
        return read(exchange, ServedVersion.same(kind, schema), true, validation, warnings);
    }

    /** Reads a body as an object of a served version; see {@link #read(Exchange, GroupVersionKind, TypeSchema, FieldValidation, Consumer)}. */
    static ObjectNode read(Exchange exchange, ObjectForm form, FieldValidation validation, Consumer<String> warnings)
            throws IOException {
        return read(exchange, form.version(), form.hasProtobuf(), validation, warnings);
    }

    private static ObjectNode read(
            Exchange exchange,
            ServedVersion version,
            boolean protobuf,
            FieldValidation validation,
            Consumer<String> warnings)
            throws IOException {
        var kind = version.kind();
        String type = contentType(exchange);
        var accepted = protobuf ? MEDIA_TYPES : MEDIA_TYPES.subList(0, 2);
        if (!accepted.contains(type)) {
            throw StatusException.unsupportedMediaType(accepted);
        }
        byte[] body = bytes(exchange);
        if (type.equals("application/vnd.kubernetes.protobuf")) {
            return readProtobuf(body, kind, version.schema());
        }
        Document document = parse(body, type, kind.kind());
        return typed(document, body, version, validation, warnings);
    }

    /** Reads an object that was parsed or made already (a patched one). */
    static ObjectNode typed(
            Document document,
            byte[] body,
            ServedVersion version,
            FieldValidation validation,
            Consumer<String> warnings) {
        var kind = version.kind();
        requireKind(document.root(), body, kind);
        try {
            var object = version.reader().read(document, validation, warnings);
            object.put("kind", kind.kind())
                    .put("apiVersion", kind.groupVersion().apiVersion());
            return object;
        } catch (DecodeException | StrictDecodingException e) {
            String message = kind.kind() + " in version \"" + kind.version() + "\" cannot be handled as a "
                    + kind.kind() + ": " + e.getMessage();
            throw new StatusException(StatusException.badRequest(message).status(), e);
        }
    }

    /** Reads a patched object: what strict validation refuses is the patch's fault there. */
    static ObjectNode patched(
            Document document,
            byte[] body,
            ServedVersion version,
            FieldValidation validation,
            Consumer<String> warnings) {
        requireKind(document.root(), body, version.kind());
        try {
            return typed(document, body, version, validation, warnings);
        } catch (StatusException e) {
            if (e.getCause() instanceof StrictDecodingException strict) {
                throw StatusException.invalid(
                        new GroupKind("", ""),
                        "",
                        List.of(FieldError.invalid(
                                FieldPath.of("patch"),
                                Json.text(document.root()),
                                String.valueOf(strict.getMessage()))));
            }
            throw e;
        }
    }

    private static Document parse(byte[] body, String type, String kind) {
        try {
            var document = type.equals("application/yaml") ? Yaml.parse(body) : Json.parse(body);
            return document.root().isNull()
                    ? new Document(JsonNodeFactory.instance.objectNode(), document.strictErrors())
                    : document;
        } catch (DecodeException e) {
            throw unrecognized(kind, String.valueOf(e.getMessage()), body);
        }
    }

    private static StatusException unrecognized(String kind, String why, byte[] body) {
        return StatusException.badRequest("the object provided is unrecognized (must be of type " + kind + "): " + why
                + " (" + shown(body) + ")");
    }

    /** The start of a body as upstream shows it: text if it looks like JSON, else hexadecimal. */
    private static String shown(byte[] body) {
        if (body.length > 0 && body[0] == '{') {
            String text = new String(body, StandardCharsets.UTF_8);
            return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + " ...";
        }
        return body.length <= SHOWN
                ? HexFormat.of().formatHex(body)
                : HexFormat.of().formatHex(body, 0, SHOWN) + " ...";
    }

    private static void requireKind(JsonNode root, byte[] body, GroupVersionKind kind) {
        if (!root.isObject()) {
            throw unrecognized(
                    kind.kind(),
                    couldNot("json: cannot unmarshal " + goType(root)
                            + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                            + " \"json:\\\"kind,omitempty\\\"\" }"),
                    body);
        }
        for (String field : List.of("apiVersion", "kind")) {
            var value = root.path(field);
            if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
                throw unrecognized(
                        kind.kind(),
                        couldNot("json: cannot unmarshal " + goType(value) + " into Go struct field ." + field
                                + " of type string"),
                        body);
            }
        }
        String apiVersion = root.path("apiVersion").asText("");
        String given = root.path("kind").asText("");
        boolean versionDiffers =
                !apiVersion.isEmpty() && !apiVersion.equals(kind.groupVersion().apiVersion());
        boolean kindDiffers = !given.isEmpty() && !given.equals(kind.kind());
        if (versionDiffers || kindDiffers) {
            throw wrongKind(apiVersion, given, kind);
        }
    }

    private static StatusException wrongKind(String apiVersion, String given, GroupVersionKind kind) {
        String version = apiVersion.isEmpty() ? kind.groupVersion().apiVersion() : apiVersion;
        String name = given.isEmpty() ? kind.kind() : given;
        if (version.equals(kind.groupVersion().apiVersion())) {
            return StatusException.badRequest(name + " in version \"" + kind.version() + "\" cannot be handled as a "
                    + kind.kind() + ": no kind \"" + name + "\" is registered for version \"" + version
                    + "\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"");
        }
        return StatusException.badRequest(
                "the API version in the data (" + version + ") does not match the expected API version ("
                        + kind.groupVersion().apiVersion() + ")");
    }

    private static String couldNot(String why) {
        return "couldn't get version/kind; json parse error: " + why;
    }

    private static String goType(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "array";
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            default -> "object";
        };
    }

    private static ObjectNode readProtobuf(byte[] body, GroupVersionKind kind, TypeSchema schema) {
        if (!ProtobufCodec.isProtobuf(body)) {
            throw StatusException.badRequest("the object provided is unrecognized (must be of type " + kind.kind()
                    + "): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ("
                    + shown(body) + ")");
        }
        try {
            var object = ProtobufCodec.decode(body, schema);
            requireKind(object, body, kind);
            object.put("kind", kind.kind())
                    .put("apiVersion", kind.groupVersion().apiVersion());
            return object;
        } catch (DecodeException e) {
            throw unrecognized(kind.kind(), String.valueOf(e.getMessage()), body);
        }
    }
}
