package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldManagerFormat;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What holds for every kind's metadata: apimachinery's ValidateObjectMeta and ValidateObjectMetaUpdate. */
final class MetadataValidation {
    private static final FieldPath METADATA = FieldPath.of("metadata");
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;
    private static final int SUBRESOURCE_LIMIT = 256;
    private static final List<String> IMMUTABLE =
            List.of("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");

    private MetadataValidation() {}

    /** Groups whose kinds upstream checks with the API machinery's rules alone, which know no standard finalizers. */
    private static final Set<String> MACHINERY_GROUPS = Set.of(
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "apiregistration.k8s.io",
            "coordination.k8s.io",
            "node.k8s.io",
            "policy");

    private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", "orphan", "foregroundDeletion");

    static List<FieldError> validate(ObjectNode object, ResourceDefinition definition) {
        var errors = new ArrayList<FieldError>();
        names(object, definition, errors);
        common(object, definition, errors);
        standardFinalizers(object, definition, errors);
        return errors;
    }

    private static void common(ObjectNode object, ResourceDefinition definition, List<FieldError> errors) {
        namespace(object, definition, errors);
        if (ObjectMeta.generation(object) < 0) {
            errors.add(FieldError.invalid(
                    METADATA.child("generation"), ObjectMeta.generation(object), "must be greater than or equal to 0"));
        }
        labels(object, errors);
        annotations(object, errors);
        OwnerRules.check(object, errors);
        finalizers(object, errors);
        managedFields(object, errors);
    }

    private static void namespace(ObjectNode object, ResourceDefinition definition, List<FieldError> errors) {
        var path = METADATA.child("namespace");
        String namespace = ObjectMeta.namespace(object);
        if (!definition.namespaced()) {
            if (!namespace.isEmpty()) {
                errors.add(FieldError.forbidden(path, "not allowed on this type"));
            }
        } else if (namespace.isEmpty()) {
            errors.add(FieldError.required(path, ""));
        } else {
            for (String problem : NameRule.LABEL.problems(namespace)) {
                errors.add(FieldError.invalid(path, namespace, problem));
            }
        }
    }

    private static void names(ObjectNode object, ResourceDefinition definition, List<FieldError> errors) {
        String prefix = ObjectMeta.generateName(object);
        if (!prefix.isEmpty()) {
            String sample = prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) + "a" : prefix;
            for (String problem : definition.nameRule().problems(sample)) {
                errors.add(FieldError.invalid(METADATA.child("generateName"), prefix, problem));
            }
        }
        String name = ObjectMeta.name(object);
        if (name.isEmpty()) {
            errors.add(FieldError.required(METADATA.child("name"), "name or generateName is required"));
            return;
        }
        for (String problem : definition.nameRule().problems(name)) {
            errors.add(FieldError.invalid(METADATA.child("name"), name, problem));
        }
    }

    private static void labels(ObjectNode object, List<FieldError> errors) {
        ObjectMeta.labels(object).forEach((key, value) -> {
            for (String problem : LabelFormat.key(key)) {
                errors.add(FieldError.invalid(METADATA.child("labels"), key, problem));
            }
            for (String problem : LabelFormat.value(value)) {
                errors.add(FieldError.invalid(METADATA.child("labels"), value, problem));
            }
        });
    }

    private static void annotations(ObjectNode object, List<FieldError> errors) {
        long size = 0;
        for (var entry : ObjectMeta.annotations(object).entrySet()) {
            size += bytes(entry.getKey()) + bytes(entry.getValue());
            for (String problem : LabelFormat.key(entry.getKey().toLowerCase(Locale.ROOT))) {
                errors.add(FieldError.invalid(METADATA.child("annotations"), entry.getKey(), problem));
            }
        }
        if (size > ANNOTATIONS_LIMIT) {
            errors.add(FieldError.tooLong(METADATA.child("annotations"), ANNOTATIONS_LIMIT));
        }
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void finalizers(ObjectNode object, List<FieldError> errors) {
        var path = METADATA.child("finalizers");
        var all = ObjectMeta.finalizers(object);
        for (String finalizer : all) {
            for (String problem : LabelFormat.key(finalizer)) {
                errors.add(FieldError.invalid(path, finalizer, problem));
            }
        }
        if (all.contains("orphan") && all.contains("foregroundDeletion")) {
            errors.add(FieldError.invalid(
                    path,
                    object.path("metadata").path("finalizers"),
                    "finalizer orphan and foregroundDeletion cannot be both set"));
        }
    }

    /** Names with no domain are for those that everybody knows. */
    private static void standardFinalizers(ObjectNode object, ResourceDefinition definition, List<FieldError> errors) {
        if (definition.custom()
                || MACHINERY_GROUPS.contains(definition.groupResource().group())) {
            return;
        }
        int index = 0;
        for (String finalizer : ObjectMeta.finalizers(object)) {
            if (!finalizer.contains("/") && !STANDARD_FINALIZERS.contains(finalizer)) {
                errors.add(FieldError.invalid(
                        METADATA.child("finalizers").index(index),
                        finalizer,
                        "name is neither a standard finalizer name nor is it fully qualified"));
            }
            index++;
        }
    }

    private static void managedFields(ObjectNode object, List<FieldError> errors) {
        int index = 0;
        for (var entry : ObjectMeta.of(object).path("managedFields")) {
            var path = METADATA.child("managedFields").index(index++);
            FieldManagerFormat.check(entry.path("manager").asText(""), path.child("manager"), errors);
            if (entry.path("subresource").asText("").length() > SUBRESOURCE_LIMIT) {
                errors.add(FieldError.tooLong(path.child("subresource"), SUBRESOURCE_LIMIT));
            }
        }
    }

    /**
     * What may not change. Upstream checks metadata for all kinds and again for each kind, and tells its findings as often.
     */
    static List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, ResourceDefinition definition) {
        var errors = new ArrayList<FieldError>();
        common(object, definition, errors);
        changes(object, old, errors);
        if (!definition.groupResource().group().equals("policy")) {
            changes(object, old, errors);
            standardFinalizers(object, definition, errors);
        }
        return errors;
    }

    private static void changes(ObjectNode object, ObjectNode old, List<FieldError> errors) {
        if (ObjectMeta.isTerminating(old)) {
            var added = new TreeSet<>(ObjectMeta.finalizers(object));
            added.removeAll(ObjectMeta.finalizers(old));
            if (!added.isEmpty()) {
                errors.add(FieldError.forbidden(
                        METADATA.child("finalizers"),
                        "no new finalizers can be added if the object is being deleted, found new finalizers "
                                + goStrings(added)));
            }
        }
        if (ObjectMeta.generation(object) < ObjectMeta.generation(old)) {
            errors.add(FieldError.invalid(
                    METADATA.child("generation"), ObjectMeta.generation(object), "must not be decremented"));
        }
        for (String field : IMMUTABLE) {
            var now = object.path("metadata").path(field);
            if (!Objects.equals(now, old.path("metadata").path(field))) {
                errors.add(FieldError.invalid(METADATA.child(field), shown(now), "field is immutable"));
            }
        }
        labels(object, errors);
        annotations(object, errors);
        OwnerRules.check(object, errors);
        managedFields(object, errors);
    }

    private static @Nullable Object shown(JsonNode node) {
        return node.isMissingNode() ? null : node;
    }

    private static String goStrings(Collection<String> values) {
        return values.stream().map(GoText::quote).collect(Collectors.joining(", ", "[]string{", "}"));
    }
}
