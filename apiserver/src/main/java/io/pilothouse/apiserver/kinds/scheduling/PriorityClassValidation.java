package io.pilothouse.apiserver.kinds.scheduling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.ArrayList;
import java.util.List;

/** What must hold for priority classes. */
final class PriorityClassValidation {
    private static final int HIGHEST = 1_000_000_000;

    private PriorityClassValidation() {}

    static List<FieldError> create(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        var root = Field.of(object, errors);
        var name = root.child("metadata", "name");
        var value = root.child("value");
        if (name.text().startsWith("system-")) {
            SystemClasses.problem(object)
                    .ifPresent(problem -> name.forbidden(
                            "priority class names with 'system-' prefix are reserved for system use only. error: "
                                    + problem));
        } else if (value.number() > HIGHEST) {
            value.forbidden("maximum allowed value of a user defined priority is " + HIGHEST);
        }
        var policy = root.child("preemptionPolicy");
        if (policy.present()) {
            policy.requiredOneOf("PreemptLowerPriority", "Never");
        }
        return errors;
    }

    static List<FieldError> update(ObjectNode object, ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var root = Field.of(object, errors);
        var value = root.child("value");
        if (value.number() != old.path("value").asLong()) {
            value.forbidden("may not be changed in an update.");
        }
        root.child("preemptionPolicy").immutable(old.path("preemptionPolicy"));
        return errors;
    }
}
