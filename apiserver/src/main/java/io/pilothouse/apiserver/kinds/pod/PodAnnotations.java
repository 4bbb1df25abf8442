package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.field.Field;
import java.util.TreeSet;

/** The annotations that mean something to pods. */
final class PodAnnotations {
    static final String MIRROR = "kubernetes.io/config.mirror";
    static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final String TOLERATIONS = "scheduler.alpha.kubernetes.io/tolerations";

    private PodAnnotations() {}

    static void check(Field annotations, Field spec, PodRules rules) {
        var values = annotations.value();
        if (values.has(MIRROR) && spec.child("nodeName").isEmpty()) {
            at(annotations, MIRROR).invalid("must set spec.nodeName if mirror pod annotation is set");
        }
        if (!annotations.child(TOLERATIONS).isEmpty()) {
            tolerations(annotations, rules);
        }
        if (!rules.anyDeletionCost() && !isDeletionCost(values.path(DELETION_COST))) {
            at(annotations, DELETION_COST).invalid("must be a 32bit integer");
        }
        ProfileRules.seccompAnnotations(annotations);
        ProfileRules.appArmorAnnotations(annotations, spec.value());
    }

    private static Field at(Field annotations, String key) {
        return annotations.child(key).placedAt(annotations.path().key(key));
    }

    private static void tolerations(Field annotations, PodRules rules) {
        JsonNode parsed;
        try {
            parsed = Json.tree(annotations.child(TOLERATIONS).text());
        } catch (DecodeException e) {
            annotations.invalid(TOLERATIONS, String.valueOf(e.getMessage()));
            return;
        }
        TolerationRules.check(Field.at(parsed, annotations.path().child(TOLERATIONS), annotations.errors()), rules);
    }

    /** Whether an annotation of the deletion cost is absent or a whole number with no plus and no zero before it. */
    static boolean isDeletionCost(JsonNode annotation) {
        if (annotation.isMissingNode()) {
            return true;
        }
        String text = annotation.asText();
        if (text.startsWith("+") || (text.startsWith("0") && !text.equals("0"))) {
            return false;
        }
        try {
            Integer.parseInt(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** What may not change: who made the pod, and the old profiles. */
    static void update(Field annotations, JsonNode old, Field spec, PodRules rules) {
        var now = annotations.value();
        var keys = new TreeSet<String>();
        old.fieldNames().forEachRemaining(keys::add);
        for (String key : keys) {
            if (!old.get(key).equals(now.get(key))) {
                change(annotations, key, "may not remove or update ");
            }
        }
        keys.clear();
        now.fieldNames().forEachRemaining(keys::add);
        for (String key : keys) {
            if (!old.has(key)) {
                change(annotations, key, "may not add ");
            }
        }
        check(annotations, spec, rules);
    }

    private static void change(Field annotations, String key, String verb) {
        if (key.startsWith(ProfileRules.APP_ARMOR)) {
            at(annotations, key).forbidden(verb + "AppArmor annotations");
        }
        if (key.equals(MIRROR)) {
            at(annotations, key).forbidden(verb + "mirror pod annotation");
        }
    }
}
