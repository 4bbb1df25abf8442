package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The groups of the Kubernetes community want a link to the approval of an API in them. */
final class ApiApproval {
    static final String ANNOTATION = "api-approved.kubernetes.io";

    static final String MISSING_TEXT = "protected groups must have approval annotation \"" + ANNOTATION
            + "\", see https://github.com/kubernetes/enhancements/pull/1111";
    static final String INVALID_TEXT = "protected groups must have approval annotation \"" + ANNOTATION
            + "\" with either a URL or a reason starting with \"unapproved\", see https://github.com/kubernetes/enhancements/pull/1111";

    enum State {
        MISSING,
        BYPASSED,
        APPROVED,
        INVALID
    }

    private ApiApproval() {}

    static boolean isGuarded(ObjectNode definition) {
        String group = definition.path("spec").path("group").asText();
        return group.equals("k8s.io")
                || group.equals("kubernetes.io")
                || group.endsWith(".k8s.io")
                || group.endsWith(".kubernetes.io");
    }

    static List<FieldError> validate(ObjectNode definition, @Nullable ObjectNode old) {
        var state = state(definition);
        if (!isGuarded(definition) || (old != null && state(old) == state)) {
            return List.of();
        }
        var path = FieldPath.of("metadata", "annotations").key(ANNOTATION);
        return switch (state) {
            case APPROVED, BYPASSED -> List.of();
            case MISSING -> List.of(FieldError.required(path, MISSING_TEXT));
            case INVALID ->
                List.of(FieldError.invalid(
                        path, ObjectMeta.annotations(definition).getOrDefault(ANNOTATION, ""), INVALID_TEXT));
        };
    }

    static State state(ObjectNode definition) {
        String value = ObjectMeta.annotations(definition).getOrDefault(ANNOTATION, "");
        if (value.isEmpty()) {
            return State.MISSING;
        }
        if (value.startsWith("unapproved")) {
            return State.BYPASSED;
        }
        try {
            var uri = URI.create(value);
            return uri.getHost() != null && uri.getScheme() != null ? State.APPROVED : State.INVALID;
        } catch (IllegalArgumentException e) {
            return State.INVALID;
        }
    }
}
