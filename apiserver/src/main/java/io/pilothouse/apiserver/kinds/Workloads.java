package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.selector.SelectorException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** What the kinds that make pods have in common. */
public final class Workloads {
    private static final FieldPath SPEC = FieldPath.of("spec");

    private Workloads() {}

    public static String readyOfWanted(ObjectNode object) {
        return object.path("status").path("readyReplicas").asLong() + "/"
                + object.path("spec").path("replicas").asLong();
    }

    public static String containerNames(ObjectNode object) {
        return joined(object, "name");
    }

    public static String images(ObjectNode object) {
        return joined(object, "image");
    }

    public static String nodeSelector(ObjectNode object) {
        var out = new ArrayList<String>();
        object.path("spec")
                .path("template")
                .path("spec")
                .path("nodeSelector")
                .properties()
                .forEach(e -> out.add(e.getKey() + "=" + e.getValue().asText()));
        return out.isEmpty() ? "<none>" : String.join(",", out);
    }

    private static String joined(ObjectNode object, String field) {
        var out = new ArrayList<String>();
        object.path("spec")
                .path("template")
                .path("spec")
                .path("containers")
                .forEach(c -> out.add(c.path(field).asText()));
        return String.join(",", out);
    }

    /** The selector must say something, and choose what the template makes. */
    public static List<FieldError> validateSelector(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        var selector = object.path("spec").path("selector");
        if (selector.isMissingNode()) {
            errors.add(FieldError.required(SPEC.child("selector"), ""));
            return errors;
        }
        LabelSelector parsed;
        try {
            parsed = LabelSelector.fromNode(selector);
        } catch (SelectorException e) {
            errors.add(FieldError.invalid(SPEC.child("selector"), selector, String.valueOf(e.getMessage())));
            return errors;
        }
        if (parsed.isEverything()) {
            errors.add(FieldError.invalid(
                    SPEC.child("selector"),
                    selector,
                    "empty selector is invalid for "
                            + object.path("kind").asText().toLowerCase(Locale.ROOT)));
        }
        var labels = new LinkedHashMap<String, String>();
        var given = object.path("spec").path("template").path("metadata").path("labels");
        given.properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        if (!parsed.matches(labels)) {
            errors.add(FieldError.invalid(
                    SPEC.child("template", "metadata").child("labels"),
                    given.isMissingNode() ? null : given,
                    "`selector` does not match template `labels`"));
        }
        return errors;
    }
}
