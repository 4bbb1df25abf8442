package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** core/v1 ConfigMap. */
public final class ConfigMaps {
    private static final int SIZE_LIMIT = 1024 * 1024;
    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");

    private ConfigMaps() {}

    static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "configmaps", "configmap", "ConfigMap")
                .version("v1", schemas)
                .shortNames("cm")
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.number(
                                "Data",
                                "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'."
                                        + " Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys"
                                        + " in the BinaryData field, this is enforced during validation process.",
                                o -> (long) o.path("data").size()
                                        + o.path("binaryData").size()),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            long size = 0;
            for (String part : List.of("data", "binaryData")) {
                for (var entry : object.path(part).properties()) {
                    keyProblems(entry.getKey())
                            .forEach(p -> errors.add(
                                    FieldError.invalid(FieldPath.of(part).key(entry.getKey()), entry.getKey(), p)));
                    if (part.equals("data") && object.path("binaryData").has(entry.getKey())) {
                        errors.add(FieldError.invalid(
                                FieldPath.of("data").key(entry.getKey()),
                                entry.getKey(),
                                "duplicate of key present in binaryData"));
                    }
                    size += entry.getValue().asText().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
                }
            }
            if (size > SIZE_LIMIT) {
                errors.add(FieldError.tooLong(FieldPath.ROOT.key(""), SIZE_LIMIT));
            }
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            if (old.path("immutable").asBoolean()) {
                if (!object.path("immutable").asBoolean()) {
                    errors.add(FieldError.forbidden(
                            FieldPath.of("immutable"), "field is immutable when `immutable` is set"));
                }
                for (String part : List.of("data", "binaryData")) {
                    if (!Objects.equals(object.path(part), old.path(part))) {
                        errors.add(
                                FieldError.forbidden(FieldPath.of(part), "field is immutable when `immutable` is set"));
                    }
                }
            }
            errors.addAll(validate(object, context));
            return errors;
        }
    }

    /** What is wrong with a key of a config map or secret. */
    public static List<String> keyProblems(String key) {
        var problems = new ArrayList<String>();
        if (key.length() > 253) {
            problems.add("must be no more than 253 characters");
        }
        if (!KEY.matcher(key).matches()) {
            problems.add(
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name',"
                            + " regex used for validation is '[-._a-zA-Z0-9]+')");
        }
        if (key.equals(".")) {
            problems.add("must not be '.'");
        } else if (key.equals("..")) {
            problems.add("must not be '..'");
        } else if (key.startsWith("..")) {
            problems.add("must not start with '..'");
        }
        return problems;
    }
}
