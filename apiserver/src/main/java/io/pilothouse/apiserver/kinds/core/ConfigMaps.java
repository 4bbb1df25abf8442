package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.TextFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** core/v1 ConfigMap. */
public final class ConfigMaps {
    static final String IMMUTABLE = "field is immutable when `immutable` is set";

    /** What the data of a config map or a secret may hold. */
    static final int SIZE_LIMIT = 1024 * 1024;

    private ConfigMaps() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "configmaps", "configmap", "ConfigMap")
                .version("v1", schemas)
                .shortNames("cm")
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.count(
                                "Data",
                                schemas.text("core.v1.ConfigMap", "data"),
                                o -> (long) o.path("data").size()
                                        + o.path("binaryData").size()),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var all = Field.of(object, errors);
            var binary = object.path("binaryData");
            long[] size = new long[1];
            all.child("data").entries((key, value) -> {
                TextFormat.configKey(key).forEach(problem -> value.invalid(key, problem));
                if (binary.has(key)) {
                    value.invalid(key, "duplicate of key present in binaryData");
                }
                size[0] += value.text().getBytes(StandardCharsets.UTF_8).length;
            });
            all.child("binaryData").entries((key, value) -> {
                TextFormat.configKey(key).forEach(problem -> value.invalid(key, problem));
                size[0] += decodedLength(value.text());
            });
            if (size[0] > SIZE_LIMIT) {
                // Upstream's path has one step without a name, which prints so.
                all.add(FieldError.tooLong(FieldPath.ROOT.key(""), SIZE_LIMIT));
            }
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            immutable(object, old, errors, "data", "binaryData");
            errors.addAll(validate(object, context));
            return errors;
        }
    }

    /** An object that was once immutable stays so. */
    static void immutable(ObjectNode object, ObjectNode old, List<FieldError> errors, String... fields) {
        if (!old.path("immutable").asBoolean()) {
            return;
        }
        var all = Field.of(object, errors);
        if (!object.path("immutable").asBoolean()) {
            all.child("immutable").forbidden(IMMUTABLE);
        }
        for (String field : fields) {
            if (!object.path(field).equals(old.path(field))) {
                all.child(field).forbidden(IMMUTABLE);
            }
        }
    }

    /** How many bytes a base64 text stands for. */
    static long decodedLength(String base64) {
        int end = base64.length();
        while (end > 0 && base64.charAt(end - 1) == '=') {
            end--;
        }
        return end * 3L / 4;
    }
}
