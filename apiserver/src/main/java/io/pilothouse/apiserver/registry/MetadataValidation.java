package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What holds for every kind's metadata: apimachinery's ValidateObjectMeta and ValidateObjectMetaUpdate. */
final class MetadataValidation {
    private static final FieldPath METADATA = FieldPath.of("metadata");
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;

    private MetadataValidation() {}

    static List<FieldError> validate(ObjectNode object, ResourceDefinition definition) {
        var errors = new ArrayList<FieldError>();
        names(object, definition, errors);
        if (definition.namespaced()) {
            if (ObjectMeta.namespace(object).isEmpty()) {
                errors.add(FieldError.required(METADATA.child("namespace"), ""));
            } else {
                for (String problem : NameRule.LABEL.problems(ObjectMeta.namespace(object))) {
                    errors.add(FieldError.invalid(METADATA.child("namespace"), ObjectMeta.namespace(object), problem));
                }
            }
        } else if (!ObjectMeta.namespace(object).isEmpty()) {
            errors.add(FieldError.forbidden(METADATA.child("namespace"), "not allowed on this type"));
        }
        if (ObjectMeta.generation(object) < 0) {
            errors.add(FieldError.invalid(
                    METADATA.child("generation"), ObjectMeta.generation(object), "must be greater than or equal to 0"));
        }
        labels(object, errors);
        annotations(object, errors);
        ownerReferences(object, errors);
        finalizers(object, errors);
        return errors;
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
            size += entry.getKey().length() + (long) entry.getValue().length();
            for (String problem : LabelFormat.key(entry.getKey().toLowerCase(Locale.ROOT))) {
                errors.add(FieldError.invalid(METADATA.child("annotations"), entry.getKey(), problem));
            }
        }
        if (size > ANNOTATIONS_LIMIT) {
            errors.add(FieldError.tooLong(METADATA.child("annotations"), ANNOTATIONS_LIMIT));
        }
    }

    private static void ownerReferences(ObjectNode object, List<FieldError> errors) {
        var path = METADATA.child("ownerReferences");
        String controller = "";
        for (var owner : ObjectMeta.ownerReferences(object)) {
            // Upstream names the list, not the entry.
            var at = path;
            if (owner.path("apiVersion").asText().isEmpty()
                    || owner.path("apiVersion").asText().startsWith("/")) {
                errors.add(FieldError.invalid(
                        at.child("apiVersion"), owner.path("apiVersion").asText(), "version must not be empty"));
            }
            for (String field : new String[] {"kind", "name", "uid"}) {
                if (owner.path(field).asText().isEmpty()) {
                    errors.add(FieldError.invalid(at.child(field), "", "must not be empty"));
                }
            }
            if (owner.path("apiVersion").asText().equals("v1")
                    && owner.path("kind").asText().equals("Event")) {
                errors.add(
                        FieldError.invalid(at, "/v1, Kind=Event", "/v1, Kind=Event is disallowed from being an owner"));
            }
            if (owner.path("controller").asBoolean()) {
                if (!controller.isEmpty()) {
                    errors.add(FieldError.invalid(
                            path,
                            ownerList(object),
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + controller + " and " + owner.path("name").asText()));
                } else {
                    controller = owner.path("name").asText();
                }
            }
        }
    }

    private static Object ownerList(ObjectNode object) {
        return object.path("metadata").path("ownerReferences");
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

    /** What may not change. Fields that only the server sets were put back by {@link WriteRules#beforeUpdate}. */
    static List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, ResourceDefinition definition) {
        var errors = new ArrayList<FieldError>();
        if (ObjectMeta.isTerminating(old)) {
            var added = new ArrayList<>(ObjectMeta.finalizers(object));
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
        for (String field : new String[] {
            "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"
        }) {
            var now = object.path("metadata").path(field);
            if (!Objects.equals(now, old.path("metadata").path(field))) {
                errors.add(FieldError.invalid(METADATA.child(field), shown(now), "field is immutable"));
            }
        }
        labels(object, errors);
        annotations(object, errors);
        ownerReferences(object, errors);
        finalizers(object, errors);
        return errors;
    }

    private static Object shown(JsonNode node) {
        return node.isMissingNode() ? "null" : node;
    }

    private static String goStrings(List<String> values) {
        var out = new StringBuilder("[]string{");
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ", ").append('"').append(values.get(i)).append('"');
        }
        return out.append('}').toString();
    }
}
