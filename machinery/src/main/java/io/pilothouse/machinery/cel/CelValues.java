package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of JSON as expressions see them. */
final class CelValues {
    private static final Pattern DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)");
    private static final Map<String, Double> NANOS =
            Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);

    private CelValues() {}

    /** A value that a schema describes; what it does not describe is left out of objects, but for the metadata of resources. */
    static Object of(JsonNode value, JsonNode schema, boolean resource) {
        return switch (value.getNodeType()) {
            case OBJECT ->
                object(
                        value,
                        schema,
                        resource
                                || schema.path("x-kubernetes-embedded-resource").asBoolean());
            case ARRAY -> {
                List<Object> out = new ArrayList<>(value.size());
                value.forEach(e -> out.add(of(e, schema.path("items"), false)));
                yield out;
            }
            case STRING -> string(value.textValue(), schema);
            case BOOLEAN -> value.booleanValue();
            case NUMBER ->
                schema.path("type").asText("").equals("number") || value.isFloatingPointNumber()
                        ? (Object) value.doubleValue()
                        : (Object) value.longValue();
            default -> NullValue.NULL_VALUE;
        };
    }

    private static Map<String, Object> object(JsonNode value, JsonNode schema, boolean resource) {
        JsonNode additional = schema.path("additionalProperties");
        boolean map = additional.isObject() || additional.asBoolean(false);
        Map<String, Object> out = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> e : value.properties()) {
            String name = e.getKey();
            if (map) {
                out.put(name, of(e.getValue(), additional, false));
            } else if (resource && (name.equals("apiVersion") || name.equals("kind"))) {
                out.put(name, e.getValue().asText());
            } else if (resource && name.equals("metadata")) {
                out.put(name, metadata(e.getValue()));
            } else if (schema.path("properties").has(name) && CelNames.isCallable(name)) {
                out.put(
                        CelNames.escape(name),
                        of(e.getValue(), schema.path("properties").path(name), false));
            }
        }
        return out;
    }

    private static Map<String, Object> metadata(JsonNode metadata) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (String field : List.of("name", "generateName")) {
            if (metadata.path(field).isTextual()) {
                out.put(field, metadata.path(field).textValue());
            }
        }
        return out;
    }

    private static Object string(String text, JsonNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return text;
        }
        try {
            return switch (schema.path("format").asText("")) {
                case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
                case "duration" -> duration(text);
                case "date" ->
                    LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
                case "date-time" -> instant(text);
                default -> text;
            };
        } catch (IllegalArgumentException | DateTimeException e) {
            // The schema's own check of the format refuses the value; the rule sees it as it is.
            return text;
        }
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
    }

    private static Duration duration(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        Matcher part = DURATION_PART.matcher(rest);
        double nanos = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            nanos += Double.parseDouble(part.group(1)) * NANOS.getOrDefault(part.group(2), 0.0);
            end = part.end();
        }
        if (end != rest.length() && !rest.equals("0")) {
            throw new IllegalArgumentException(text);
        }
        return Duration.ofNanos((long) (negative ? -nanos : nanos));
    }
}
