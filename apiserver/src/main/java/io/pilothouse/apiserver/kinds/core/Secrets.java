package io.pilothouse.apiserver.kinds.core;

import static io.pilothouse.apiserver.kinds.Trees.fill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.ConfigMaps;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** core/v1 Secret. */
public final class Secrets {
    private static final int SIZE_LIMIT = 1024 * 1024;
    private static final GroupVersionKind KIND = new GroupVersionKind("", "v1", "Secret");

    private Secrets() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "secrets", "secret", "Secret")
                .version(
                        new ServedVersion(KIND, schemas.type(KIND), Secrets::mergeStringData, UnaryOperator.identity()))
                .strategy(new Rules())
                .selectable("type", o -> o.path("type").asText())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Type",
                                "What kind of secret this is.",
                                o -> o.path("type").asText()),
                        Column.number("Data", "How many entries the secret has.", o ->
                                (long) o.path("data").size()),
                        TableWriter.age())
                .build();
    }

    /** What was written as text is stored as the other data is, and is owned as such by who wrote it. */
    private static ObjectNode mergeStringData(ObjectNode object) {
        if (object.remove("stringData") instanceof ObjectNode text) {
            var data = object.withObjectProperty("data");
            text.properties()
                    .forEach(e -> data.put(
                            e.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(e.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
        return object;
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            fill(object, "type", "Opaque");
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            mergeStringData(object);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            mergeStringData(object);
            if (object.path("type").asText("").isEmpty()) {
                object.set("type", old.get("type"));
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            long size = 0;
            var path = FieldPath.of("data");
            for (var entry : object.path("data").properties()) {
                ConfigMaps.keyProblems(entry.getKey())
                        .forEach(p -> errors.add(FieldError.invalid(path.key(entry.getKey()), entry.getKey(), p)));
                size += entry.getValue().asText().length() * 3L / 4;
            }
            if (size > SIZE_LIMIT) {
                errors.add(FieldError.tooLong(path, SIZE_LIMIT));
            }
            requireKeys(object, errors);
            return errors;
        }

        private static void requireKeys(ObjectNode object, List<FieldError> errors) {
            List<String> required = switch (object.path("type").asText()) {
                case "kubernetes.io/dockerconfigjson" -> List.of(".dockerconfigjson");
                case "kubernetes.io/dockercfg" -> List.of(".dockercfg");
                case "kubernetes.io/ssh-auth" -> List.of("ssh-privatekey");
                case "kubernetes.io/tls" -> List.of("tls.crt", "tls.key");
                default -> List.of();
            };
            for (String key : required) {
                if (!object.path("data").has(key)) {
                    errors.add(FieldError.required(FieldPath.of("data").key(key), ""));
                }
            }
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            if (!object.path("type").equals(old.path("type"))) {
                errors.add(FieldError.invalid(FieldPath.of("type"), object.path("type"), "field is immutable"));
            }
            if (old.path("immutable").asBoolean()) {
                if (!object.path("immutable").asBoolean()) {
                    errors.add(FieldError.forbidden(
                            FieldPath.of("immutable"), "field is immutable when `immutable` is set"));
                }
                if (!object.path("data").equals(old.path("data"))) {
                    errors.add(
                            FieldError.forbidden(FieldPath.of("data"), "field is immutable when `immutable` is set"));
                }
            }
            errors.addAll(validate(object, context));
            return errors;
        }
    }
}
