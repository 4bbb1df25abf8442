package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.cloud.ec2.Cidr;
import io.pilothouse.cloud.protocol.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Evaluates the intrinsic functions of a template. A value that is AWS::NoValue takes its property or list place with it. */
final class Intrinsics {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final Template template;
    private final Names names;

    /** What names stand for. */
    interface Names {
        /** What Ref of a parameter, pseudo parameter or resource gives. */
        Optional<JsonNode> ref(String name);

        /** An attribute of a resource. */
        Optional<String> attribute(String resource, String attribute);

        /** An export of another stack. */
        Optional<String> imported(String name);

        /** The zones of the region. */
        List<String> zones();
    }

    Intrinsics(Template template, Names names) {
        this.template = template;
        this.names = names;
    }

    /** Whether a condition of the template holds. */
    boolean condition(String name) {
        JsonNode condition = template.root().path("Conditions").path(name);
        if (condition.isMissingNode()) {
            throw AwsException.validation("Template format error: Unresolved condition dependency " + name);
        }
        return truth(condition);
    }

    private boolean truth(JsonNode node) {
        if (node.has("Condition") && node.size() == 1) {
            return condition(node.path("Condition").asText());
        }
        if (node.has("Fn::And")) {
            return stream(node.path("Fn::And")).stream().allMatch(this::truth);
        }
        if (node.has("Fn::Or")) {
            return stream(node.path("Fn::Or")).stream().anyMatch(this::truth);
        }
        if (node.has("Fn::Not")) {
            return !truth(node.path("Fn::Not").path(0));
        }
        if (node.has("Fn::Equals")) {
            JsonNode pair = node.path("Fn::Equals");
            return evaluate(pair.path(0)).asText().equals(evaluate(pair.path(1)).asText());
        }
        return evaluate(node).asText().equals("true");
    }

    /** The value of a tree; missing for AWS::NoValue. */
    JsonNode evaluate(JsonNode node) {
        if (node.isArray()) {
            ArrayNode list = NODES.arrayNode();
            node.forEach(item -> {
                JsonNode value = evaluate(item);
                if (!value.isMissingNode()) {
                    list.add(value);
                }
            });
            return list;
        }
        if (!node.isObject()) {
            return node;
        }
        if (node.size() == 1) {
            Entry<String, JsonNode> only = node.properties().iterator().next();
            if (only.getKey().equals("Ref") || only.getKey().startsWith("Fn::")) {
                return function(only.getKey(), only.getValue());
            }
        }
        ObjectNode object = NODES.objectNode();
        node.properties().forEach(e -> {
            JsonNode value = evaluate(e.getValue());
            if (!value.isMissingNode()) {
                object.set(e.getKey(), value);
            }
        });
        return object;
    }

    private JsonNode function(String name, JsonNode argument) {
        return switch (name) {
            case "Ref" -> ref(argument.asText());
            case "Fn::GetAtt" -> attribute(argument);
            case "Fn::Sub" -> NODES.textNode(substitute(argument));
            case "Fn::If" -> evaluate(argument.path(condition(argument.path(0).asText()) ? 1 : 2));
            case "Fn::Join" ->
                NODES.textNode(String.join(argument.path(0).asText(), texts(evaluate(argument.path(1)))));
            case "Fn::Split" ->
                list(Arrays.asList(evaluate(argument.path(1))
                        .asText()
                        .split(Pattern.quote(argument.path(0).asText()), -1)));
            case "Fn::Select" -> select(evaluate(argument.path(0)).asInt(), evaluate(argument.path(1)));
            case "Fn::Base64" ->
                NODES.textNode(Base64.getEncoder()
                        .encodeToString(evaluate(argument).asText().getBytes(StandardCharsets.UTF_8)));
            case "Fn::FindInMap" -> findInMap(argument);
            case "Fn::GetAZs" -> list(names.zones());
            case "Fn::Cidr" -> cidr(argument);
            case "Fn::ImportValue" -> {
                String wanted = evaluate(argument).asText();
                yield NODES.textNode(names.imported(wanted)
                        .orElseThrow(() -> AwsException.validation("No export named " + wanted + " found.")));
            }
            case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not" ->
                NODES.booleanNode(truth(NODES.objectNode().set(name, argument)));
            default -> throw AwsException.validation("Template error: the function " + name + " is not supported here");
        };
    }

    private JsonNode ref(String name) {
        if (name.equals("AWS::NoValue")) {
            return NODES.missingNode();
        }
        return names.ref(name)
                .orElseThrow(() -> AwsException.validation("Template format error: Unresolved dependency " + name));
    }

    private JsonNode attribute(JsonNode argument) {
        String resource = argument.isArray()
                ? argument.path(0).asText()
                : argument.asText().split("\\.", 2)[0];
        String attribute = argument.isArray()
                ? evaluate(argument.path(1)).asText()
                : argument.asText().substring(resource.length() + 1);
        return NODES.textNode(names.attribute(resource, attribute)
                .orElseThrow(() -> AwsException.validation(
                        "Requested attribute " + attribute + " does not exist in schema for resource " + resource)));
    }

    private String substitute(JsonNode argument) {
        JsonNode own = argument.isArray() ? argument.path(1) : NODES.objectNode();
        Matcher m = Template.SUBSTITUTION.matcher(
                argument.isArray() ? argument.path(0).asText() : argument.asText());
        StringBuilder out = new StringBuilder();
        while (m.find()) {
            String name = m.group(2).strip();
            String value;
            if (!m.group(1).isEmpty()) {
                value = "${" + m.group(2) + "}";
            } else if (own.has(name)) {
                value = evaluate(own.path(name)).asText();
            } else if (name.indexOf('.') > 0) {
                value = attribute(NODES.textNode(name)).asText();
            } else {
                value = ref(name).asText();
            }
            m.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return m.appendTail(out).toString();
    }

    private JsonNode select(int index, JsonNode list) {
        if (index < 0 || index >= list.size()) {
            throw AwsException.validation(
                    "Template error: Fn::Select cannot select nonexistent value at index " + index);
        }
        return list.path(index);
    }

    private JsonNode findInMap(JsonNode argument) {
        String map = evaluate(argument.path(0)).asText();
        String top = evaluate(argument.path(1)).asText();
        String second = evaluate(argument.path(2)).asText();
        JsonNode found = template.root().path("Mappings").path(map).path(top).path(second);
        if (found.isMissingNode()) {
            throw AwsException.validation(
                    "Template error: Unable to get mapping for " + map + "::" + top + "::" + second);
        }
        return found;
    }

    private JsonNode cidr(JsonNode argument) {
        try {
            Cidr block = Cidr.parse(evaluate(argument.path(0)).asText());
            int count = evaluate(argument.path(1)).asInt();
            int bits = 32 - evaluate(argument.path(2)).asInt(8);
            List<String> blocks = new ArrayList<>();
            for (int i = 0; i < Math.min(count, 256); i++) {
                blocks.add(new Cidr(block.base() + (i << (32 - bits)), bits).toString());
            }
            return list(blocks);
        } catch (IllegalArgumentException e) {
            throw AwsException.validation("Template error: Fn::Cidr: " + e.getMessage());
        }
    }

    private static JsonNode list(List<String> texts) {
        ArrayNode list = NODES.arrayNode();
        texts.forEach(list::add);
        return list;
    }

    private static List<JsonNode> stream(JsonNode list) {
        List<JsonNode> all = new ArrayList<>();
        list.forEach(all::add);
        return all;
    }

    private static List<String> texts(JsonNode list) {
        return stream(list).stream().map(JsonNode::asText).toList();
    }
}
