package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.ssm.ParameterStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;

/** The values of a template's parameters: given ones and defaults, checked against type and constraints. */
final class Parameters {
    private static final String SSM = "AWS::SSM::Parameter::Value<";
    private static final Set<String> KEYS = Set.of(
            "Type",
            "Default",
            "Description",
            "AllowedValues",
            "AllowedPattern",
            "ConstraintDescription",
            "MinLength",
            "MaxLength",
            "MinValue",
            "MaxValue",
            "NoEcho");

    private Parameters() {}

    /** All parameters' texts as the caller sees them (an SSM parameter's is its name). */
    static Map<String, String> given(Template template, Map<String, String> given) {
        Map<String, JsonNode> declared = template.section("Parameters");
        List<String> unknown =
                given.keySet().stream().filter(k -> !declared.containsKey(k)).toList();
        if (!unknown.isEmpty()) {
            throw AwsException.validation("Parameters: " + unknown + " do not exist in the template");
        }
        Map<String, String> values = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (Entry<String, JsonNode> e : declared.entrySet()) {
            e.getValue().properties().forEach(p -> {
                if (!KEYS.contains(p.getKey())) {
                    throw AwsException.validation(
                            "Template format error: Unknown property " + p.getKey() + " of parameter " + e.getKey());
                }
            });
            String value = given.get(e.getKey());
            if (value == null && e.getValue().has("Default")) {
                value = e.getValue().path("Default").asText();
            }
            if (value == null) {
                missing.add(e.getKey());
            } else {
                check(e.getKey(), e.getValue(), value);
                values.put(e.getKey(), value);
            }
        }
        if (!missing.isEmpty()) {
            throw AwsException.validation("Parameters: " + missing + " must have values");
        }
        return values;
    }

    /** What Ref gives for a parameter: a text, or a list for the list types; an SSM parameter's value is looked up. */
    static Object resolve(String name, String type, String value, ParameterStore store) {
        if (type.startsWith(SSM)) {
            String found = store.find(value)
                    .map(ParameterStore.Parameter::value)
                    .orElseThrow(() -> AwsException.validation(
                            "Unable to fetch parameters [" + value + "] from parameter store for this account."));
            return resolve(name, type.substring(SSM.length(), type.length() - 1), found, store);
        }
        return isList(type)
                ? Arrays.stream(value.split(",", -1))
                        .map(String::strip)
                        .filter(v -> !v.isEmpty())
                        .toList()
                : value;
    }

    private static boolean isList(String type) {
        return type.equals("CommaDelimitedList") || type.startsWith("List<");
    }

    private static void check(String name, JsonNode declared, String value) {
        String type = declared.path("Type").asText();
        boolean known = type.equals("String")
                || type.equals("Number")
                || isList(type)
                || type.startsWith("AWS::EC2::")
                || type.startsWith(SSM);
        if (!known) {
            throw AwsException.validation("Template format error: Unrecognized parameter type: " + type);
        }
        List<String> each = isList(type)
                ? Arrays.stream(value.split(",", -1)).map(String::strip).toList()
                : List.of(value);
        for (String one : each) {
            if ((type.equals("Number") || type.equals("List<Number>")) && !one.matches("-?\\d+(\\.\\d+)?")) {
                throw AwsException.validation("Parameter '" + name + "' must be a number.");
            }
            if (declared.has("AllowedValues")
                    && stream(declared.path("AllowedValues")).stream().noneMatch(one::equals)) {
                throw failed(name, declared, "Parameter '" + name + "' must be one of AllowedValues");
            }
            if (declared.has("AllowedPattern")
                    && !one.matches(declared.path("AllowedPattern").asText())) {
                throw failed(
                        name,
                        declared,
                        "Parameter '" + name + "' must match pattern "
                                + declared.path("AllowedPattern").asText());
            }
            if (declared.has("MinLength")
                    && one.length() < declared.path("MinLength").asInt()) {
                throw failed(
                        name,
                        declared,
                        "Parameter '" + name + "' must contain at least "
                                + declared.path("MinLength").asText() + " characters");
            }
            if (declared.has("MaxLength")
                    && one.length() > declared.path("MaxLength").asInt()) {
                throw failed(
                        name,
                        declared,
                        "Parameter '" + name + "' must contain at most "
                                + declared.path("MaxLength").asText() + " characters");
            }
            if (declared.has("MinValue")
                    && Double.parseDouble(one) < declared.path("MinValue").asDouble()) {
                throw failed(
                        name,
                        declared,
                        "Parameter '" + name + "' must be a number not less than "
                                + declared.path("MinValue").asText());
            }
            if (declared.has("MaxValue")
                    && Double.parseDouble(one) > declared.path("MaxValue").asDouble()) {
                throw failed(
                        name,
                        declared,
                        "Parameter '" + name + "' must be a number not greater than "
                                + declared.path("MaxValue").asText());
            }
        }
    }

    private static List<String> stream(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(v -> texts.add(v.asText()));
        return texts;
    }

    private static AwsException failed(String name, JsonNode declared, String message) {
        return AwsException.validation(
                declared.has("ConstraintDescription")
                        ? "Parameter " + name + " failed to satisfy constraint: "
                                + declared.path("ConstraintDescription").asText()
                        : message);
    }
}
