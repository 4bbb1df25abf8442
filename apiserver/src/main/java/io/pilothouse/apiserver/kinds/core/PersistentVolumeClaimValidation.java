package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.ClaimSpecRules;
import io.pilothouse.apiserver.kinds.ResourceNameRules;
import io.pilothouse.apiserver.kinds.ResourceNames;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.SelectorRules;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What must hold for a persistent volume claim. */
final class PersistentVolumeClaimValidation {
    private static final String ATTRIBUTES = "volumeAttributesClassName";
    private static final List<String> RESIZES = List.of(
            "ControllerResizeInProgress",
            "ControllerResizeInfeasible",
            "NodeResizeInProgress",
            "NodeResizeInfeasible",
            "NodeResizePending");

    private PersistentVolumeClaimValidation() {}

    /** @param old null for a new claim */
    static List<FieldError> validate(ObjectNode claim, @Nullable ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var spec = Field.of(claim, errors).child("spec");
        if (old == null) {
            ClaimSpecRules.check(spec);
            return errors;
        }
        var before = old.path("spec");
        var oldErrors = new ArrayList<FieldError>();
        SelectorRules.check(Field.at(before.path("selector"), FieldPath.ROOT, oldErrors));
        ClaimSpecRules.check(spec, !oldErrors.isEmpty(), hasInvalidGroup(before));
        changes(claim, old, spec);
        return errors;
    }

    private static boolean hasInvalidGroup(JsonNode spec) {
        for (String field : new String[] {"dataSource", "dataSourceRef"}) {
            String group = spec.path(field).path("apiGroup").asText("");
            if (!group.isEmpty() && !LabelFormat.subdomain(group).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static void changes(ObjectNode claim, ObjectNode old, Field spec) {
        ObjectNode now = claim.path("spec").deepCopy();
        ObjectNode before = old.path("spec").deepCopy();
        if (before.path("volumeName").asText("").isEmpty()) {
            put(before, "volumeName", now.get("volumeName"));
        }
        storageClass(claim, old, now, before, spec);
        boolean bound = claim.path("status").path("phase").asText("").equals("Bound");
        if (bound && now.path("resources").get("requests") instanceof ObjectNode requests) {
            put(requests, "storage", before.path("resources").path("requests").get("storage"));
        }
        if (bound) {
            put(now, ATTRIBUTES, before.get(ATTRIBUTES));
        }
        if (!now.equals(before)) {
            spec.forbidden(
                    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n"
                            + InternalForm.diff("PersistentVolumeClaimSpec", before, now));
        }
        size(old, spec);
        spec.child("volumeMode")
                .placedAt(FieldPath.of("volumeMode"))
                .immutable(old.path("spec").path("volumeMode"));
        attributes(old, spec.child(ATTRIBUTES));
    }

    private static void put(ObjectNode node, String field, @Nullable JsonNode value) {
        if (value == null) {
            node.remove(field);
        } else {
            node.set(field, value);
        }
    }

    /** The class may move from its old annotation to its field, and may be set where there was none. */
    private static void storageClass(ObjectNode claim, ObjectNode old, ObjectNode now, ObjectNode before, Field spec) {
        Optional<String> oldAnnotation = ObjectMeta.annotation(old, VolumeColumns.BETA_CLASS);
        Optional<String> annotation = ObjectMeta.annotation(claim, VolumeColumns.BETA_CLASS);
        var name = now.get("storageClassName");
        boolean given = name != null && !before.has("storageClassName");
        boolean fromAnnotation = given
                && oldAnnotation.isPresent()
                && name.asText("").equals(oldAnnotation.get())
                && (annotation.isEmpty() || annotation.equals(oldAnnotation));
        if (fromAnnotation) {
            now.remove("storageClassName");
            return;
        }
        if (!annotation.orElse("").equals(oldAnnotation.orElse(""))) {
            spec.add(FieldError.invalid(
                    FieldPath.of("metadata", "annotations").child(VolumeColumns.BETA_CLASS),
                    annotation.orElse(""),
                    "field is immutable"));
        }
        if (given && (oldAnnotation.isEmpty() || name.asText("").equals(oldAnnotation.get()))) {
            now.remove("storageClassName");
        }
    }

    private static void size(ObjectNode old, Field spec) {
        var wanted = quantity(spec.value().path("resources").path("requests"));
        var before = quantity(old.path("spec").path("resources").path("requests"));
        var given = quantity(old.path("status").path("capacity"));
        if (wanted.compareTo(before) < 0 && wanted.compareTo(given) <= 0) {
            spec.child("resources", "requests")
                    .child("storage")
                    .forbidden("field can not be less than status.capacity");
        }
    }

    private static Quantity quantity(JsonNode resources) {
        return Quantity.parse(resources.path("storage").asText("0"));
    }

    private static void attributes(ObjectNode old, Field name) {
        boolean changed = !name.value().equals(old.path("spec").path(ATTRIBUTES));
        if (!changed || !old.path("status").hasNonNull("currentVolumeAttributesClassName")) {
            return;
        }
        String tail = " is forbidden when status.currentVolumeAttributesClassName is not nil";
        if (!name.present()) {
            name.forbidden("update to nil" + tail);
        } else if (name.isEmpty()) {
            name.forbidden("update to empty string" + tail);
        }
    }

    static List<FieldError> validateStatus(ObjectNode claim) {
        var errors = new ArrayList<FieldError>();
        var all = Field.of(claim, errors);
        if (all.child("spec", "accessModes").isEmpty()) {
            // Upstream's path is written like this.
            errors.add(FieldError.required(FieldPath.of("Spec", "accessModes"), ""));
        }
        all.child("status", "capacity").entries((name, amount) -> valid(amount));
        var statuses = all.child("status", "allocatedResourceStatuses");
        statuses.entries((name, status) -> {
            key(statuses, name);
            if (!RESIZES.contains(status.text())) {
                statuses.add(FieldError.notSupported(statuses.path(), name, RESIZES));
            }
        });
        var allocated = all.child("status", "allocatedResources");
        allocated.entries((name, amount) -> {
            if (key(allocated, name) && valid(amount)) {
                ResourceNameRules.amount(amount, "storage");
            }
        });
        return errors;
    }

    private static boolean valid(Field amount) {
        long value = Quantity.parse(amount.text()).toLong();
        return value >= 0 || amount.invalid(value, "must be a valid resource quantity");
    }

    private static boolean key(Field map, String name) {
        var problems = LabelFormat.key(name);
        problems.forEach(problem -> map.invalid(name, problem));
        if (!problems.isEmpty()) {
            return false;
        }
        return !ResourceNames.isNative(name)
                || name.equals("storage")
                || map.add(FieldError.notSupported(map.path(), name, List.of("storage")));
    }
}
