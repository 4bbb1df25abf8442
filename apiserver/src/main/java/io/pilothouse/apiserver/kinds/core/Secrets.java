package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.TextFormat;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** core/v1 Secret. */
public final class Secrets {
    private static final String ACCOUNT_ANNOTATION = "kubernetes.io/service-account.name";
    private static final String TYPE = "core.v1.Secret";
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
                                schemas.text(TYPE, "type"),
                                o -> o.path("type").asText("")),
                        Column.count("Data", schemas.text(TYPE, "data"), o ->
                                (long) o.path("data").size()),
                        TableWriter.age())
                .build();
    }

    /** What was written as text is stored as the other data is, and is owned as such by who wrote it. */
    private static ObjectNode mergeStringData(ObjectNode object) {
        if (object.remove("stringData") instanceof ObjectNode text && !text.isEmpty()) {
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
            if (object.path("type").asText("").isEmpty()) {
                object.put("type", "Opaque");
            }
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            if (object.path("type").asText("").isEmpty()) {
                object.set("type", old.get("type"));
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var data = Field.of(object, errors).child("data");
            long[] size = new long[1];
            data.entries((key, value) -> {
                TextFormat.configKey(key).forEach(problem -> value.invalid(key, problem));
                size[0] += ConfigMaps.decodedLength(value.text());
            });
            if (size[0] > ConfigMaps.SIZE_LIMIT) {
                data.add(FieldError.tooLong(data.path(), ConfigMaps.SIZE_LIMIT));
            }
            type(object, data);
            return errors;
        }

        private static void type(ObjectNode object, Field data) {
            switch (object.path("type").asText()) {
                case "kubernetes.io/service-account-token" -> {
                    if (ObjectMeta.annotation(object, ACCOUNT_ANNOTATION)
                            .orElse("")
                            .isEmpty()) {
                        data.add(FieldError.required(
                                FieldPath.of("metadata", "annotations").key(ACCOUNT_ANNOTATION), ""));
                    }
                }
                case "kubernetes.io/dockercfg" -> dockerConfig(data, ".dockercfg");
                case "kubernetes.io/dockerconfigjson" -> dockerConfig(data, ".dockerconfigjson");
                case "kubernetes.io/basic-auth" -> {
                    if (!data.value().has("username") && !data.value().has("password")) {
                        required(data, "username");
                        required(data, "password");
                    }
                }
                case "kubernetes.io/ssh-auth" -> {
                    if (data.value().path("ssh-privatekey").asText("").isEmpty()) {
                        required(data, "ssh-privatekey");
                    }
                }
                case "kubernetes.io/tls" -> {
                    for (String key : new String[] {"tls.crt", "tls.key"}) {
                        if (!data.value().has(key)) {
                            required(data, key);
                        }
                    }
                }
                default -> {}
            }
        }

        private static void required(Field data, String key) {
            data.add(FieldError.required(data.path().key(key), ""));
        }

        private static void dockerConfig(Field data, String key) {
            var value = data.value().get(key);
            if (value == null) {
                required(data, key);
                return;
            }
            JsonMistake.of(decode(value.asText("")))
                    .ifPresent(mistake ->
                            data.add(FieldError.invalid(data.path().key(key), "<secret contents redacted>", mistake)));
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            Field.of(object, errors).child("type").immutable(old.path("type"));
            ConfigMaps.immutable(object, old, errors, "data");
            errors.addAll(validate(object, context));
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            if (!object.path("type").asText().equals("kubernetes.io/tls")) {
                return List.of();
            }
            var data = object.path("data");
            return KeyPairMistake.of(
                            decode(data.path("tls.crt").asText("")),
                            decode(data.path("tls.key").asText("")))
                    .map(List::of)
                    .orElse(List.of());
        }

        private static byte[] decode(String base64) {
            return Base64.getDecoder().decode(base64);
        }
    }
}
