package io.pilothouse.machinery.field;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.gotext.GoText;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mistake found at one field; {@link #body()} and {@link #message()} print what apimachinery's field.Error does.
 *
 * @param badValue the value as given: a string, number, boolean, JSON node, list or map; null prints as {@code null}
 */
public record FieldError(Type type, String field, @Nullable Object badValue, String detail) {

    /** The kinds of mistakes, with the reason that stands in a Status cause and the words of the message. */
    public enum Type {
        NOT_FOUND("FieldValueNotFound", "Not found"),
        REQUIRED("FieldValueRequired", "Required value"),
        DUPLICATE("FieldValueDuplicate", "Duplicate value"),
        INVALID("FieldValueInvalid", "Invalid value"),
        NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
        FORBIDDEN("FieldValueForbidden", "Forbidden"),
        TOO_LONG("FieldValueTooLong", "Too long"),
        TOO_SHORT("FieldValueTooShort", "Too short"),
        TOO_MANY("FieldValueTooMany", "Too many"),
        TOO_FEW("FieldValueTooFew", "Too few"),
        INTERNAL("InternalError", "Internal error"),
        TYPE_INVALID("FieldValueTypeInvalid", "Invalid value");

        private final String reason;
        private final String words;

        Type(String reason, String words) {
            this.reason = reason;
            this.words = words;
        }

        /** The cause's {@code reason}. */
        public String reason() {
            return reason;
        }
    }

    /** A bad value that is left out of the message. */
    public static final Object OMITTED = new Object();

    public static FieldError notFound(FieldPath path, @Nullable Object value) {
        return new FieldError(Type.NOT_FOUND, path.toString(), value, "");
    }

    public static FieldError required(FieldPath path, String detail) {
        return new FieldError(Type.REQUIRED, path.toString(), "", detail);
    }

    public static FieldError duplicate(FieldPath path, @Nullable Object value) {
        return new FieldError(Type.DUPLICATE, path.toString(), value, "");
    }

    public static FieldError invalid(FieldPath path, @Nullable Object value, String detail) {
        return new FieldError(Type.INVALID, path.toString(), value, detail);
    }

    /** The supported values are printed in the order given; upstream mostly gives them sorted. */
    public static FieldError notSupported(FieldPath path, @Nullable Object value, Collection<String> supported) {
        String detail = supported.isEmpty() ? "" : "supported values: " + GoText.quoteAll(supported);
        return new FieldError(Type.NOT_SUPPORTED, path.toString(), value, detail);
    }

    public static FieldError forbidden(FieldPath path, String detail) {
        return new FieldError(Type.FORBIDDEN, path.toString(), "", detail);
    }

    /** Too many bytes; a negative maximum is not printed. */
    public static FieldError tooLong(FieldPath path, int maxBytes) {
        String detail = maxBytes < 0
                ? "value is too long"
                : "may not be more than " + maxBytes + (maxBytes == 1 ? " byte" : " bytes");
        return new FieldError(Type.TOO_LONG, path.toString(), "<value omitted>", detail);
    }

    /** Too many characters. */
    public static FieldError tooLongCharacters(FieldPath path, int max) {
        String detail = max < 0
                ? "value is too long"
                : "may not be more than " + max + (max == 1 ? " character" : " characters");
        return new FieldError(Type.TOO_LONG, path.toString(), "<value omitted>", detail);
    }

    /** Too few characters. */
    public static FieldError tooShort(FieldPath path, int min) {
        String detail = "must be at least " + min + (min == 1 ? " character" : " characters");
        return new FieldError(Type.TOO_SHORT, path.toString(), "<value omitted>", detail);
    }

    /** Too many elements; a negative actual number is left out. */
    public static FieldError tooMany(FieldPath path, int actual, int max) {
        String detail = max < 0 ? "has too many items" : "must have at most " + max + (max == 1 ? " item" : " items");
        return new FieldError(Type.TOO_MANY, path.toString(), actual < 0 ? OMITTED : (Object) actual, detail);
    }

    /** Too few elements; a negative actual number is left out. */
    public static FieldError tooFew(FieldPath path, int actual, int min) {
        String detail = min < 0 ? "has too few items" : "must have at least " + min + (min == 1 ? " item" : " items");
        return new FieldError(Type.TOO_FEW, path.toString(), actual < 0 ? OMITTED : (Object) actual, detail);
    }

    public static FieldError typeInvalid(FieldPath path, @Nullable Object value, String detail) {
        return new FieldError(Type.TYPE_INVALID, path.toString(), value, detail);
    }

    public static FieldError internal(FieldPath path, String detail) {
        return new FieldError(Type.INTERNAL, path.toString(), null, detail);
    }

    /** The message without the field, as it stands in a Status cause. */
    public String body() {
        String head = switch (type) {
            case REQUIRED, FORBIDDEN, TOO_LONG, TOO_SHORT, INTERNAL -> type.words;
            default -> badValue == OMITTED ? type.words : type.words + ": " + render(badValue);
        };
        return detail.isEmpty() ? head : head + ": " + detail;
    }

    /** The field and the message. */
    public String message() {
        return field + ": " + body();
    }

    /** The messages of all errors, each once: alone as it is, several in brackets. */
    public static String aggregate(List<FieldError> errors) {
        Set<String> messages = new LinkedHashSet<>();
        errors.forEach(e -> messages.add(e.message()));
        return messages.size() == 1 ? messages.iterator().next() : "[" + String.join(", ", messages) + "]";
    }

    /** JSON as Go writes it for use in HTML: these characters stand in texts only. */
    private static String json(JsonNode value) {
        return Json.text(value)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static String render(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String s -> GoText.quote(s);
            case Double d -> GoText.print(d);
            case Float f -> GoText.print(f);
            case Number n -> n.toString();
            case Boolean b -> b.toString();
            case JsonNode n when n.isTextual() -> GoText.quote(n.textValue());
            case JsonNode n when n.isFloatingPointNumber() -> GoText.print(n.doubleValue());
            case JsonNode n -> json(n);
            case Collection<?> c -> json(Json.valueOf(c));
            case Map<?, ?> m -> json(Json.valueOf(m));
            default -> value.toString();
        };
    }
}
