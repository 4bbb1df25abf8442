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
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads request bodies: bytes of any supported form into a tree of the expected kind. */
final class BodyReader {
    /** Upstream's limit for a body, bytes. */
    static final int LIMIT = 3 * 1024 * 1024;

    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final List<String> MEDIA_TYPES = List.of("application/json", "application/yaml", PROTOBUF);
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
        return read(exchange, List.of(kind), schema, validation, warnings);
    }

    /** Reads a body as an object of one of several kinds of one schema; of the first where the body does not say. */
    static ObjectNode read(
            Exchange exchange,
            List<GroupVersionKind> kinds,
            TypeSchema schema,
            FieldValidation validation,
            Consumer<String> warnings)
            throws IOException {
        var versions =
                kinds.stream().map(kind -> ServedVersion.same(kind, schema)).toList();
        return read(exchange, versions, true, other -> false, validation, warnings);
    }

    /**
     * Reads a body as an object of a served version; see {@link #read(Exchange, GroupVersionKind, TypeSchema, FieldValidation, Consumer)}.
     *
     * @param known which other kinds there are
     */
    static ObjectNode read(
            Exchange exchange,
            ObjectForm form,
            Predicate<GroupVersionKind> known,
            FieldValidation validation,
            Consumer<String> warnings)
            throws IOException {
        return read(exchange, List.of(form.version()), form.hasProtobuf(), known, validation, warnings);
    }

    private static ObjectNode read(
            Exchange exchange,
            List<ServedVersion> versions,
            boolean protobuf,
            Predicate<GroupVersionKind> known,
            FieldValidation validation,
            Consumer<String> warnings)
            throws IOException {
        String expected = versions.getFirst().kind().kind();
        String type = contentType(exchange);
        if (!MEDIA_TYPES.contains(type) || (type.equals(PROTOBUF) && !protobuf)) {
            throw StatusException.unsupportedMediaType(protobuf ? MEDIA_TYPES : MEDIA_TYPES.subList(0, 2));
        }
        byte[] body = bytes(exchange);
        if (type.equals(PROTOBUF)) {
            return readProtobuf(body, versions, known);
        }
        Document document = parse(body, type, expected);
        String why = headProblem(document.root());
        if (!why.isEmpty()) {
            throw unrecognized(expected, why, body);
        }
        var version = meant(document.root(), versions);
        var kind = version.kind();
        requireKind(document.root(), kind, known);
        try {
            return decode(document, version, validation, warnings);
        } catch (DecodeException | StrictDecodingException e) {
            throw new StatusException(
                    StatusException.badRequest(cannotHandle(kind, kind.kind(), kind.version(), e.getMessage()))
                            .status(),
                    e);
        }
    }

    private static ObjectNode decode(
            Document document, ServedVersion version, FieldValidation validation, Consumer<String> warnings) {
        var object = version.reader().read(document, validation, warnings);
        object.put("kind", version.kind().kind())
                .put("apiVersion", version.kind().groupVersion().apiVersion());
        return object;
    }

    /**
     * Reads a patched object: whatever is wrong with it is the patch's fault.
     *
     * @param shown what the client is shown of it
     * @param words for a problem of the decoder
     * @throws StatusException 422
     */
    static ObjectNode patched(
            Document document,
            Supplier<String> shown,
            UnaryOperator<String> words,
            ServedVersion version,
            Predicate<GroupVersionKind> known,
            FieldValidation validation,
            Consumer<String> warnings) {
        String why = headProblem(document.root());
        if (why.isEmpty()) {
            why = kindProblem(document.root(), version.kind(), known);
        }
        if (why.isEmpty()) {
            try {
                return decode(document, version, validation, warnings);
            } catch (StrictDecodingException e) {
                why = String.valueOf(e.getMessage());
            } catch (DecodeException e) {
                why = words.apply(String.valueOf(e.getMessage()));
            }
        }
        throw StatusException.invalid(
                new GroupKind("", ""), "", List.of(FieldError.invalid(FieldPath.of("patch"), shown.get(), why)));
    }

    private static String cannotHandle(GroupVersionKind expected, String kind, String version, @Nullable String why) {
        return kind + " in version \"" + version + "\" cannot be handled as a " + expected.kind() + ": " + why;
    }

    private static Document parse(byte[] body, String type, String kind) {
        try {
            var document = type.equals("application/yaml") ? Yaml.parse(body) : Json.parse(body);
            return document.root().isNull()
                    ? new Document(JsonNodeFactory.instance.objectNode(), document.strictErrors())
                    : document;
        } catch (DecodeException e) {
            String why = String.valueOf(e.getMessage());
            throw unrecognized(kind, type.equals("application/yaml") ? why : couldNot(why), body);
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

    /** Why a body does not say what it is; empty where it could. */
    private static String headProblem(JsonNode root) {
        if (!root.isObject()) {
            return couldNot("json: cannot unmarshal " + goType(root)
                    + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                    + " \"json:\\\"kind,omitempty\\\"\" }");
        }
        for (String field : List.of("apiVersion", "kind")) {
            var value = root.path(field);
            if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
                return couldNot("json: cannot unmarshal " + goType(value) + " into Go struct field ." + field
                        + " of type string");
            }
        }
        return "";
    }

    /** The version that a body says it is of, or the first. */
    private static ServedVersion meant(JsonNode root, List<ServedVersion> versions) {
        for (var version : versions) {
            String apiVersion = version.kind().groupVersion().apiVersion();
            if (said(root, "apiVersion", "").equals(apiVersion)
                    && said(root, "kind", "").equals(version.kind().kind())) {
                return version;
            }
        }
        return versions.getFirst();
    }

    private static void requireKind(JsonNode root, GroupVersionKind kind, Predicate<GroupVersionKind> known) {
        String why = kindProblem(root, kind, known);
        if (!why.isEmpty()) {
            String version = said(root, "apiVersion", kind.groupVersion().apiVersion());
            String name = said(root, "kind", kind.kind());
            throw StatusException.badRequest(
                    cannotHandle(kind, name, GroupVersion.parse(version).version(), why));
        }
    }

    /** Why an object of what a body says it is is none of the expected kind; empty if it is one. What is not said is as expected. */
    private static String kindProblem(JsonNode root, GroupVersionKind kind, Predicate<GroupVersionKind> known) {
        String expected = kind.groupVersion().apiVersion();
        String version = said(root, "apiVersion", expected);
        String name = said(root, "kind", kind.kind());
        if (version.equals(expected) && name.equals(kind.kind())) {
            return "";
        }
        if (!known.test(GroupVersionKind.of(version, name))) {
            return "no kind \"" + name + "\" is registered for version \"" + version
                    + "\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"";
        }
        return "converting (" + GroupVersion.parse(version).version() + "." + name + ") to ("
                + Transforms.internalName(kind) + "): unknown conversion";
    }

    private static String said(JsonNode root, String field, String otherwise) {
        String text = root.path(field).asText("");
        return text.isEmpty() ? otherwise : text;
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

    private static ObjectNode readProtobuf(
            byte[] body, List<ServedVersion> versions, Predicate<GroupVersionKind> known) {
        String expected = versions.getFirst().kind().kind();
        if (!ProtobufCodec.isProtobuf(body)) {
            throw StatusException.badRequest("the object provided is unrecognized (must be of type " + expected
                    + "): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ("
                    + shown(body) + ")");
        }
        try {
            var object = ProtobufCodec.decode(body, versions.getFirst().schema());
            var kind = meant(object, versions).kind();
            requireKind(object, kind, known);
            object.put("kind", kind.kind())
                    .put("apiVersion", kind.groupVersion().apiVersion());
            return object;
        } catch (DecodeException e) {
            throw unrecognized(expected, String.valueOf(e.getMessage()), body);
        }
    }
}
