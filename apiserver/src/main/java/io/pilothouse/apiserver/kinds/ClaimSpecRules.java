package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.SelectorRules;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.List;

/** What must hold for a core/v1 PersistentVolumeClaimSpec, of a claim and of the templates of claims in pods and stateful sets. */
public final class ClaimSpecRules {
    private static final List<String> MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    private static final String ALONE = "ReadWriteOncePod";

    private ClaimSpecRules() {}

    /** A new claim's spec. */
    public static void check(Field spec) {
        check(spec, false, false);
    }

    /**
     * @param anySelectorValues whether the old selector holds values that are no label values
     * @param anyApiGroups whether the old spec names an API group as the source of its data
     */
    public static void check(Field spec, boolean anySelectorValues, boolean anyApiGroups) {
        var modes = spec.child("accessModes");
        if (modes.isEmpty()) {
            modes.required("at least 1 access mode is required");
        }
        SelectorRules.check(spec.child("selector"), anySelectorValues);
        modes(modes);
        storage(spec);
        if (!spec.child("storageClassName").isEmpty()) {
            spec.child("storageClassName").matches(LabelFormat::subdomain);
        }
        if (spec.child("volumeMode").present()) {
            spec.child("volumeMode").oneOf("Block", "Filesystem");
        }
        sources(spec, anyApiGroups);
        if (!spec.child("volumeAttributesClassName").isEmpty()) {
            spec.child("volumeAttributesClassName").matches(LabelFormat::subdomain);
        }
    }

    private static void modes(Field modes) {
        boolean alone = false;
        boolean others = false;
        for (var mode : modes.items()) {
            boolean known =
                    MODES.contains(mode.text()) || mode.placedAt(modes.path()).notSupported(MODES);
            alone |= mode.is(ALONE);
            others |= known && !mode.is(ALONE);
        }
        if (alone && others) {
            modes.forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void storage(Field spec) {
        var storage = spec.child("resources", "requests").child("storage");
        // Upstream leaves "requests" out.
        var at = storage.placedAt(spec.child("resources").path().key("storage"));
        if (!storage.present()) {
            at.required("");
        } else if (Quantity.parse(storage.text()).signum() <= 0) {
            at.invalid("must be greater than zero");
        }
    }

    private static void sources(Field spec, boolean anyApiGroups) {
        var source = spec.child("dataSource");
        var reference = spec.child("dataSourceRef");
        source.ifPresent(s -> source(s, anyApiGroups));
        var namespace = reference.child("namespace");
        reference.ifPresent(r -> {
            source(r, anyApiGroups);
            if (!namespace.isEmpty()) {
                namespace.matches(LabelFormat::label);
            }
        });
        if (!source.present() || !reference.present()) {
            return;
        }
        // Upstream shows a path as the value, which prints as an empty object.
        var shown = JsonNodeFactory.instance.objectNode();
        if (!namespace.isEmpty()) {
            spec.add(FieldError.invalid(
                    spec.path(), shown, "may not be specified when dataSourceRef.namespace is specified"));
        } else if (!sameSource(source, reference)) {
            spec.add(FieldError.invalid(spec.path(), shown, "must match dataSourceRef"));
        }
    }

    private static boolean sameSource(Field a, Field b) {
        return a.child("apiGroup").value().equals(b.child("apiGroup").value())
                && a.child("kind").is(b.child("kind").text())
                && a.child("name").is(b.child("name").text());
    }

    private static void source(Field source, boolean anyApiGroup) {
        source.child("name").mustExist();
        source.child("kind").mustExist();
        var group = source.child("apiGroup");
        String kind = source.child("kind").text();
        if (group.isEmpty() && !kind.equals("PersistentVolumeClaim")) {
            source.invalid(kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        if (!group.isEmpty() && !anyApiGroup) {
            group.matches(LabelFormat::subdomain);
        }
    }
}
