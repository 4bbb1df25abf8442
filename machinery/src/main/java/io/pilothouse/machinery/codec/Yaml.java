package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.gotext.GoText;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML 1.1 as Kubernetes reads it: of several documents only the first, unquoted {@code y} a boolean, {@code 0644} octal, times strings.
 * Aliases are followed, but a body may not grow beyond {@value #MAX_NODES} values. Stateless.
 */
public final class Yaml {
    /** Values of a document, those behind aliases counted each time. */
    public static final int MAX_NODES = 1_000_000;

    /** Characters of a text in block form. */
    private static final int MAX_BLOCK = 48 * 1024 * 1024;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String TOO_DEEP = "exceeded max depth of " + Json.MAX_DEPTH;
    private static final Tag PLAIN = new Tag("tag:plain");

    private Yaml() {}

    /** Marks unquoted scalars that carry no tag; what they mean is decided by {@link YamlScalars}. */
    private static final class PlainResolver extends Resolver {
        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
            return kind == NodeId.scalar && implicit ? PLAIN : super.resolve(kind, value, implicit);
        }
    }

    /** Parses the first document; an empty one is a JSON null. */
    public static Document parse(byte[] bytes) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        options.setNestingDepthLimit(Json.MAX_DEPTH);
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        options.setAllowDuplicateKeys(true);
        try {
            String text = new String(bytes, StandardCharsets.UTF_8);
            Iterator<Node> documents = new org.yaml.snakeyaml.Yaml(
                            new SafeConstructor(options),
                            new Representer(new DumperOptions()),
                            new DumperOptions(),
                            options,
                            new PlainResolver())
                    .composeAll(new StringReader(text))
                    .iterator();
            if (!documents.hasNext()) {
                return new Document(NODES.nullNode(), List.of());
            }
            Converter converter = new Converter();
            JsonNode root = converter.convert(documents.next(), 0);
            return new Document(root, converter.strictErrors());
        } catch (YAMLException e) {
            throw new DecodeException("yaml: " + problem(e), e);
        }
    }

    /** What is wrong, as upstream's reader says it: the line, unless it is the first, and the problem. */
    private static String problem(YAMLException e) {
        if (!(e instanceof MarkedYAMLException marked) || marked.getProblem() == null) {
            if (String.valueOf(e.getMessage()).startsWith("Nesting Depth exceeded")) {
                return TOO_DEEP;
            }
            return String.valueOf(e.getMessage());
        }
        int line = marked.getProblemMark() == null ? 0 : marked.getProblemMark().getLine();
        return (line == 0 ? "" : "line " + (line + 1) + ": ")
                + marked.getProblem().replace("are not allowed here", "are not allowed in this context");
    }

    /** Turns composed nodes into a tree; one use. */
    private static final class Converter {
        private final List<String> duplicates = new ArrayList<>();
        /** Anchored nodes that are being converted. */
        private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

        private int left = MAX_NODES;

        List<String> strictErrors() {
            return duplicates;
        }

        JsonNode convert(Node node, int depth) {
            if (--left < 0) {
                throw new DecodeException("yaml: document contains excessive aliasing");
            }
            if (depth > Json.MAX_DEPTH) {
                throw new DecodeException("yaml: " + TOO_DEEP);
            }
            if (node.getAnchor() == null) {
                return value(node, depth);
            }
            if (!open.add(node)) {
                throw new DecodeException("yaml: anchor '" + node.getAnchor() + "' value contains itself");
            }
            JsonNode value = value(node, depth);
            open.remove(node);
            return value;
        }

        private JsonNode value(Node node, int depth) {
            return switch (node) {
                case ScalarNode scalar -> scalar(scalar);
                case SequenceNode sequence -> {
                    ArrayNode out = NODES.arrayNode(sequence.getValue().size());
                    sequence.getValue().forEach(element -> out.add(convert(element, depth + 1)));
                    yield out;
                }
                case MappingNode mapping -> mapping(mapping, depth);
                default -> throw new DecodeException("yaml: unexpected node");
            };
        }

        private JsonNode mapping(MappingNode mapping, int depth) {
            ObjectNode out = NODES.objectNode();
            List<Node> merged = new ArrayList<>();
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key
                        && key.getTag().equals(PLAIN)
                        && key.getValue().equals("<<")) {
                    merged.add(tuple.getValueNode());
                    continue;
                }
                JsonNode key = convert(tuple.getKeyNode(), depth + 1);
                if (key.isContainerNode()) {
                    throw new DecodeException("yaml: invalid map key: " + Json.text(key));
                }
                String name = key.isFloatingPointNumber() ? GoText.print(key.doubleValue()) : key.asText();
                if (out.replace(name, convert(tuple.getValueNode(), depth + 1)) != null) {
                    int line = tuple.getKeyNode().getStartMark().getLine() + 1;
                    duplicates.add("line " + line + ": key " + GoText.quote(name) + " already set in map");
                }
            }
            merged.forEach(node -> merge(out, node, depth));
            return out;
        }

        private void merge(ObjectNode out, Node node, int depth) {
            JsonNode value = convert(node, depth + 1);
            Iterable<JsonNode> sources = value.isArray() ? value : List.of(value);
            for (JsonNode source : sources) {
                if (!source.isObject()) {
                    throw new DecodeException("yaml: map merge requires map or sequence of maps as the value");
                }
                source.properties().forEach(e -> out.putIfAbsent(e.getKey(), e.getValue()));
            }
        }

        private static JsonNode scalar(ScalarNode node) {
            Tag tag = node.getTag();
            String text = Utf16Repair.repaired(node.getValue());
            if (tag.equals(Tag.BINARY)) {
                try {
                    return NODES.textNode(new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw new DecodeException("yaml: !!binary value contains invalid base64 data", e);
                }
            }
            return tag.equals(PLAIN)
                    ? YamlScalars.resolve(text)
                    : tag.equals(Tag.STR) || tag.getValue().startsWith("!")
                            ? NODES.textNode(text)
                            : YamlScalars.resolve(text);
        }
    }

    /** The block form with sorted keys, in UTF-8; what would be too long so, as a deep tree is for its spaces, is written on one line. */
    public static byte[] write(JsonNode node) {
        Writer out = new BoundedWriter(MAX_BLOCK);
        try {
            emit(node, FlowStyle.BLOCK, out);
        } catch (BoundedWriter.FullException e) {
            out = new StringWriter();
            emit(node, FlowStyle.FLOW, out);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void emit(JsonNode node, FlowStyle style, Writer out) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(style);
        options.setWidth(Integer.MAX_VALUE);
        options.setSplitLines(false);
        new org.yaml.snakeyaml.Yaml(options).serialize(represent(node, style), out);
    }

    private static Node represent(JsonNode node, FlowStyle style) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                List<NodeTuple> tuples = new ArrayList<>();
                TreeMap<String, JsonNode> sorted = new TreeMap<>();
                node.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
                sorted.forEach((key, value) -> tuples.add(new NodeTuple(string(key), represent(value, style))));
                yield new MappingNode(Tag.MAP, tuples, tuples.isEmpty() ? FlowStyle.FLOW : style);
            }
            case ARRAY -> {
                List<Node> elements = new ArrayList<>();
                node.forEach(element -> elements.add(represent(element, style)));
                yield new SequenceNode(Tag.SEQ, elements, elements.isEmpty() ? FlowStyle.FLOW : style);
            }
            case STRING -> string(node.textValue());
            case BINARY -> string(binary(node));
            case NUMBER ->
                new ScalarNode(
                        node.isFloatingPointNumber() ? Tag.FLOAT : Tag.INT,
                        node.isFloatingPointNumber() ? GoText.json(node.doubleValue()) : node.asText(),
                        null,
                        null,
                        ScalarStyle.PLAIN);
            case BOOLEAN -> new ScalarNode(Tag.BOOL, node.asText(), null, null, ScalarStyle.PLAIN);
            case NULL, MISSING -> new ScalarNode(Tag.NULL, "null", null, null, ScalarStyle.PLAIN);
            case POJO -> throw new IllegalArgumentException("not a JSON tree");
        };
    }

    private static String binary(JsonNode node) {
        try {
            return Base64.getEncoder().encodeToString(node.binaryValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Node string(String text) {
        return new ScalarNode(Tag.STR, text, null, null, style(text));
    }

    private static ScalarStyle style(String text) {
        if (text.indexOf('\n') >= 0) {
            return text.isBlank() ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.LITERAL;
        }
        if (text.startsWith(".") || text.equals("=") || text.equals("<<")) {
            return ScalarStyle.DOUBLE_QUOTED;
        }
        boolean sign = text.startsWith("+.") || text.startsWith("-.");
        return sign || !YamlScalars.resolve(text).isTextual() ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN;
    }
}
