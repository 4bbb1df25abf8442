package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.Json;
import java.io.StringReader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a template's text, JSON or YAML with the short forms of functions ({@code !Ref}, {@code !Sub}…), into one tree. Scalars keep their
 * text (versions and account ids must not turn into numbers or dates), but for booleans and plain integers.
 */
final class TemplateReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private TemplateReader() {}

    static JsonNode read(String text) {
        try {
            if (text.stripLeading().startsWith("{")) {
                return Json.parse(text);
            }
            Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            return root == null ? NODES.objectNode() : convert(root);
        } catch (IllegalArgumentException e) {
            throw AwsException.validation("Template format error: JSON not well-formed. " + e.getMessage());
        } catch (YAMLException e) {
            throw AwsException.validation("Template format error: YAML not well-formed. "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static JsonNode convert(Node node) {
        JsonNode plain = switch (node) {
            case MappingNode map -> {
                ObjectNode object = NODES.objectNode();
                for (NodeTuple entry : map.getValue()) {
                    if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                        throw new IllegalArgumentException("a key is not a text");
                    }
                    if (object.has(key.getValue())) {
                        throw AwsException.validation("Template format error: Duplicate key " + key.getValue());
                    }
                    object.set(key.getValue(), convert(entry.getValueNode()));
                }
                yield object;
            }
            case SequenceNode list -> {
                ArrayNode array = NODES.arrayNode();
                list.getValue().forEach(item -> array.add(convert(item)));
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new IllegalArgumentException("unexpected YAML node");
        };
        String tag = node.getTag().getValue();
        return tag.startsWith("!") && !tag.startsWith("!!") && tag.length() > 1
                ? function(tag.substring(1), plain)
                : plain;
    }

    private static JsonNode function(String name, JsonNode argument) {
        boolean bare = name.equals("Ref") || name.equals("Condition");
        JsonNode value = argument;
        if (name.equals("GetAtt") && argument.isTextual() && argument.asText().indexOf('.') > 0) {
            int dot = argument.asText().indexOf('.');
            value = NODES.arrayNode()
                    .add(argument.asText().substring(0, dot))
                    .add(argument.asText().substring(dot + 1));
        }
        ObjectNode call = NODES.objectNode();
        call.set(bare ? name : "Fn::" + name, value);
        return call;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        if (scalar.getTag().equals(Tag.BOOL) && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))) {
            return NODES.booleanNode(Boolean.parseBoolean(text));
        }
        if (scalar.getTag().equals(Tag.INT) && text.matches("0|-?[1-9]\\d{0,17}")) {
            return NODES.numberNode(Long.parseLong(text));
        }
        return scalar.getTag().equals(Tag.NULL) ? NODES.nullNode() : NODES.textNode(text);
    }
}
