package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.SelectorRules;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/** How evenly pods are to be spread (core/v1 TopologySpreadConstraint). */
final class SpreadValidation {
    private SpreadValidation() {}

    static void check(Field constraints, PodRules rules) {
        var all = constraints.items();
        for (int i = 0; i < all.size(); i++) {
            constraint(all.get(i), all.subList(i + 1, all.size()), rules);
        }
    }

    private static void constraint(Field constraint, List<Field> rest, PodRules rules) {
        positive(constraint.child("maxSkew"));
        var key = constraint.child("topologyKey");
        if (key.isEmpty()) {
            key.required("can not be empty");
        }
        var action = constraint.child("whenUnsatisfiable");
        action.oneOf("DoNotSchedule", "ScheduleAnyway");
        if (rest.stream()
                .anyMatch(other -> other.child("topologyKey").is(key.text())
                        && other.child("whenUnsatisfiable").is(action.text()))) {
            constraint.add(FieldError.duplicate(
                    constraint.path().child("{topologyKey, whenUnsatisfiable}"),
                    "{" + key.text() + ", " + action.text() + "}"));
        }
        var domains = constraint.child("minDomains");
        if (domains.present()) {
            positive(domains);
            if (!action.is("DoNotSchedule")) {
                domains.invalid("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action.text());
            }
        }
        constraint.child("nodeAffinityPolicy").ifPresent(policy -> policy.oneOf("Honor", "Ignore"));
        constraint.child("nodeTaintsPolicy").ifPresent(policy -> policy.oneOf("Honor", "Ignore"));
        if (rules.allows(Allowance.SPREAD_KEYS)) {
            keysApart(constraint.child("matchLabelKeys"), constraint.child("labelSelector"));
        } else {
            keys(constraint);
        }
        if (!rules.allows(Allowance.SPREAD_SELECTORS)) {
            SelectorRules.check(constraint.child("labelSelector"));
        }
    }

    private static void positive(Field number) {
        if (number.number() <= 0) {
            number.invalid(number.number(), "must be greater than zero");
        }
    }

    /** The keys whose values are merged into the selector when a pod is made. */
    static void keys(Field constraint) {
        labelKeys(
                constraint,
                constraint.child("matchLabelKeys"),
                constraint.child("noKeys"),
                constraint.child("labelSelector"));
    }

    /** The keys as they were before they were merged: none may be in the selector. */
    private static void keysApart(Field keys, Field selector) {
        if (keys.isEmpty()) {
            return;
        }
        var selected = new HashSet<String>();
        selector.child("matchLabels").value().fieldNames().forEachRemaining(selected::add);
        selector.child("matchExpressions").each(e -> selected.add(e.child("key").text()));
        if (!selector.present()) {
            keys.forbidden("must not be specified when labelSelector is not set");
        }
        keys.each(key -> {
            key.matches(LabelFormat::key);
            if (selected.contains(key.text())) {
                key.invalid("exists in both matchLabelKeys and labelSelector");
            }
        });
    }

    /** Keys whose values must, and must not, be the same as the new pod's. */
    static void labelKeys(Field owner, Field keys, Field otherKeys, Field selector) {
        keyNames(keys, selector);
        keyNames(otherKeys, selector);
        var places = new HashMap<String, Integer>();
        for (int i = 0; i < keys.size(); i++) {
            places.put(keys.value().get(i).asText(), i);
        }
        var selected = new HashSet<String>();
        selector.child("matchLabels").value().fieldNames().forEachRemaining(selected::add);
        selector.child("matchExpressions").each(expression -> {
            String key = expression.child("key").text();
            var place = places.get(key);
            // A key that is merged stands once in the expressions; more than that is the client's doing.
            if (!selected.add(key) && place != null) {
                owner.add(FieldError.invalid(
                        owner.path().index(place), key, "exists in both matchLabelKeys and labelSelector"));
            }
        });
        var others = new HashSet<String>();
        otherKeys.each(key -> others.add(key.text()));
        keys.each(key -> {
            if (others.contains(key.text())) {
                key.invalid("exists in both matchLabelKeys and mismatchLabelKeys");
            }
        });
    }

    private static void keyNames(Field keys, Field selector) {
        if (keys.isEmpty()) {
            return;
        }
        if (!selector.present()) {
            keys.forbidden("must not be specified when labelSelector is not set");
            return;
        }
        keys.each(key -> key.matches(LabelFormat::key));
    }
}
