package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.gotext.GoJsonSyntax;
import io.pilothouse.machinery.gotext.GoText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as kube-apiserver reads and writes it: integers beyond 64 bits become floats, floats are printed as Go prints them. Bodies
 * nested deeper than {@value #MAX_DEPTH} levels and numbers longer than {@value #MAX_NUMBER_LENGTH} characters are refused. Stateless.
 */
public final class Json {
    /** Levels of objects and lists that a body may have, as in Go. */
    public static final int MAX_DEPTH = 10_000;

    /** Levels that a server's own texts may have more: managed fields repeat the fields of an object a few levels deeper. */
    private static final int OWN_DEPTH = 100;

    /** Characters of a number. */
    public static final int MAX_NUMBER_LENGTH = 1000;

    private static final int BUFFER = 8_000;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Jackson's buffers are by thread if nothing else is said, and each request is a thread of its own. */
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH + OWN_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private Json() {}

    /** Parses a whole body; anything after the first value is an error. What is wrong is told in Go's words. */
    public static Document parse(byte[] bytes) {
        return parse(Utf16Repair.repaired(bytes), MAX_DEPTH);
    }

    private static Document parse(byte[] bytes, int depth) {
        if (!startsAsUtf8(bytes)) {
            throw mistake(bytes, null);
        }
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            return parse(parser, depth);
        } catch (StreamConstraintsException | JsonEOFException e) {
            throw mistake(bytes, e);
        } catch (JsonProcessingException e) {
            if (!Utf8Repair.isValid(bytes)) {
                return parse(Utf8Repair.repaired(bytes), depth);
            }
            throw mistake(bytes, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a text begins with a character of ASCII, as JSON does; what begins otherwise would be guessed to be of another encoding. */
    private static boolean startsAsUtf8(byte[] bytes) {
        return bytes.length == 0 || (bytes[0] > 0 && (bytes.length == 1 || bytes[1] != 0));
    }

    private static DecodeException mistake(byte[] bytes, @Nullable JsonProcessingException cause) {
        String words = GoJsonSyntax.mistake(bytes).orElse("invalid JSON");
        return cause == null ? new DecodeException(words) : new DecodeException(words, cause);
    }

    /** Parses a tree that a server wrote, with no word on duplicate keys. */
    public static JsonNode tree(byte[] bytes) {
        return parse(bytes, MAX_DEPTH + OWN_DEPTH).root();
    }

    /** Parses a tree, with no word on duplicate keys. */
    public static JsonNode tree(String text) {
        return tree(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One member of an object that a server wrote; missing where it has none of that name. What stands behind the member is not read. */
    public static JsonNode member(byte[] object, String name) {
        try (JsonParser parser = FACTORY.createParser(object)) {
            parser.nextToken();
            for (String at = parser.nextFieldName(); at != null; at = parser.nextFieldName()) {
                JsonToken first = next(parser);
                if (at.equals(name)) {
                    return value(parser, first, Trail.ROOT, new StrictErrors(), MAX_DEPTH + OWN_DEPTH);
                }
                parser.skipChildren();
            }
            return NODES.missingNode();
        } catch (JsonProcessingException e) {
            throw mistake(object, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Document parse(JsonParser parser, int depth) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new JsonEOFException(parser, JsonToken.NOT_AVAILABLE, "nothing");
        }
        StrictErrors errors = new StrictErrors();
        JsonNode root = value(parser, first, Trail.ROOT, errors, depth);
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "more than one value");
        }
        return new Document(root, errors.all());
    }

    private static JsonNode value(JsonParser parser, JsonToken token, Trail trail, StrictErrors errors, int left)
            throws IOException {
        if (left == 0 && token.isStructStart()) {
            throw new StreamConstraintsException("exceeded max depth");
        }
        return switch (token) {
            case START_OBJECT -> object(parser, trail, errors, left);
            case START_ARRAY -> array(parser, trail, errors, left);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? finite(parser.getDoubleValue())
                        : integer(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
            default -> throw new DecodeException("unexpected JSON token " + token);
        };
    }

    private static JsonNode integer(long value) {
        return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }

    private static JsonNode finite(double value) {
        if (Double.isInfinite(value)) {
            throw new DecodeException("json: cannot unmarshal number into Go value of type float64");
        }
        return NODES.numberNode(value);
    }

    private static ObjectNode object(JsonParser parser, Trail trail, StrictErrors errors, int left) throws IOException {
        ObjectNode node = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            Trail child = trail.child(name);
            if (node.replace(name, value(parser, next(parser), child, errors, left - 1)) != null && !errors.isFull()) {
                errors.add("duplicate field " + GoText.quote(child.toString()));
            }
        }
        return node;
    }

    private static ArrayNode array(JsonParser parser, Trail trail, StrictErrors errors, int left) throws IOException {
        ArrayNode node = NODES.arrayNode();
        for (JsonToken token = next(parser); token != JsonToken.END_ARRAY; token = next(parser)) {
            node.add(value(parser, token, trail.index(node.size()), errors, left - 1));
        }
        return node;
    }

    private static JsonToken next(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new JsonEOFException(parser, JsonToken.NOT_AVAILABLE, "the end");
        }
        return token;
    }

    /** The compact form of a tree, in UTF-8. */
    public static byte[] write(JsonNode node) {
        BufferRecycler recycler = FACTORY._getBufferRecycler();
        try (ByteArrayBuilder out = new ByteArrayBuilder(recycler, BUFFER)) {
            try (JsonGenerator generator = FACTORY.createGenerator(out)) {
                emit(node, generator);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            recycler.releaseToPool();
        }
    }

    private static void emit(JsonNode node, JsonGenerator out) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> {
                out.writeStartObject();
                for (Map.Entry<String, JsonNode> entry : node.properties()) {
                    out.writeFieldName(entry.getKey());
                    emit(entry.getValue(), out);
                }
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray();
                for (JsonNode element : node) {
                    emit(element, out);
                }
                out.writeEndArray();
            }
            case STRING -> out.writeString(node.textValue());
            case BOOLEAN -> out.writeBoolean(node.booleanValue());
            case NUMBER -> {
                if (node.isFloatingPointNumber()) {
                    out.writeNumber(GoText.json(node.doubleValue()));
                } else {
                    out.writeNumber(node.longValue());
                }
            }
            case BINARY -> out.writeBinary(node.binaryValue());
            case NULL, MISSING -> out.writeNull();
            case POJO -> throw new IllegalArgumentException("not a JSON tree");
        }
    }

    /** The compact form as text. */
    public static String text(JsonNode node) {
        if (node.isTextual()) {
            // Often one of the keys of an element of a list: a generator with its buffers would be much for that.
            var quoted = new StringBuilder().append('"');
            JsonStringEncoder.getInstance().quoteAsString(node.textValue(), quoted);
            return quoted.append('"').toString();
        }
        return node.isIntegralNumber() ? node.asText() : new String(write(node), StandardCharsets.UTF_8);
    }

    /** The levels of objects and lists of a tree; none of a scalar. */
    public static int depth(JsonNode node) {
        int depth = 0;
        for (List<JsonNode> level = List.of(node); ; depth++) {
            List<JsonNode> below = new ArrayList<>();
            boolean containers = false;
            for (JsonNode element : level) {
                containers |= element.isContainerNode();
                element.forEach(below::add);
            }
            if (!containers) {
                return depth;
            }
            level = below;
        }
    }

    /** A copy whose objects have their members in Go's order of keys, as maps are written. */
    public static JsonNode sorted(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode out = NODES.objectNode();
                object.properties().stream()
                        .sorted(Map.Entry.comparingByKey(Utf8Order.INSTANCE))
                        .forEach(e -> out.set(e.getKey(), sorted(e.getValue())));
                yield out;
            }
            case ArrayNode array -> {
                ArrayNode out = NODES.arrayNode(array.size());
                array.forEach(e -> out.add(sorted(e)));
                yield out;
            }
            default -> node;
        };
    }

    /** Strings, numbers, booleans, nulls, and lists and maps of them, as a tree; trees stay what they are. */
    public static JsonNode valueOf(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case JsonNode node -> node;
            case String text -> NODES.textNode(text);
            case Boolean flag -> NODES.booleanNode(flag);
            case Double number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number);
            case Number number -> integer(number.longValue());
            case Collection<?> list -> {
                ArrayNode node = NODES.arrayNode(list.size());
                list.forEach(element -> node.add(valueOf(element)));
                yield node;
            }
            case Map<?, ?> map -> {
                ObjectNode node = NODES.objectNode();
                map.forEach((key, element) -> node.set(String.valueOf(key), valueOf(element)));
                yield node;
            }
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        };
    }
}
