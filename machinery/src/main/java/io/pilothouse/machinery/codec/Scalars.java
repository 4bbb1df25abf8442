package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.machinery.quantity.Quantity;
import io.pilothouse.machinery.schema.Kind;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Single values in their canonical form. */
final class Scalars {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Scalars() {}

    /** The canonical form of a value; null where it is of another JSON type than the kind needs. */
    static @Nullable JsonNode read(JsonNode raw, Kind kind) {
        return switch (kind) {
            case STRING -> raw.isTextual() ? raw : null;
            case BOOLEAN -> raw.isBoolean() ? raw : null;
            case INT32 -> raw.isIntegralNumber() && raw.canConvertToInt() ? raw : null;
            case INT64 -> raw.isIntegralNumber() && raw.canConvertToLong() ? raw : null;
            case DOUBLE -> raw.isNumber() ? NODES.numberNode(raw.doubleValue()) : null;
            case BYTES -> raw.isTextual() ? base64(raw.textValue()) : null;
            case QUANTITY -> quantity(raw);
            case INT_OR_STRING -> raw.isTextual() || (raw.isIntegralNumber() && raw.canConvertToInt()) ? raw : null;
            case TIME -> raw.isTextual() ? NODES.textNode(Times.seconds(Times.parseSeconds(raw.textValue()))) : null;
            case MICRO_TIME ->
                raw.isTextual() ? NODES.textNode(Times.micros(Times.parseMicros(raw.textValue()))) : null;
            default -> throw new IllegalArgumentException(kind + " is no scalar");
        };
    }

    private static @Nullable JsonNode quantity(JsonNode raw) {
        if (!raw.isTextual() && !raw.isNumber()) {
            return null;
        }
        try {
            return NODES.textNode(Quantity.parse((raw.isTextual() ? raw.textValue() : Json.text(raw)).trim())
                    .toString());
        } catch (IllegalArgumentException e) {
            throw new DecodeException(e.getMessage() == null ? "invalid quantity" : e.getMessage(), e);
        }
    }

    private static JsonNode base64(String text) {
        String plain = text.indexOf('\n') < 0 && text.indexOf('\r') < 0
                ? text
                : text.replace("\n", "").replace("\r", "");
        try {
            byte[] bytes = Base64.getDecoder().decode(plain);
            if (plain.length() % 4 != 0) {
                throw new DecodeException("illegal base64 data at input byte " + plain.length() / 4 * 4);
            }
            return NODES.textNode(Base64.getEncoder().encodeToString(bytes));
        } catch (IllegalArgumentException e) {
            throw new DecodeException("illegal base64 data at input byte " + illegal(plain), e);
        }
    }

    private static int illegal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean legal = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '+'
                    || c == '/'
                    || c == '=';
            if (!legal) {
                return i;
            }
        }
        return text.length() / 4 * 4;
    }
}
