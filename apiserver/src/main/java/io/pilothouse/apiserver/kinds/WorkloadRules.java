package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.kinds.pod.TemplateValidation;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.SelectorRules;
import io.pilothouse.machinery.field.TextFormat;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.selector.SelectorException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the kinds that keep pods running have in common: selectors, templates, counts and rolling updates. */
public final class WorkloadRules {
    private static final int WHOLE = 100;

    private WorkloadRules() {}

    /** A selector that must be there and say something. */
    public static void selector(Field selector, String kind) {
        if (!selector.present()) {
            selector.required("");
            return;
        }
        SelectorRules.check(selector);
        notEmpty(selector, kind);
    }

    /** A selector that is there chooses not everything. */
    public static void notEmpty(Field selector, String kind) {
        if (selector.present()
                && selector.child("matchLabels").isEmpty()
                && selector.child("matchExpressions").isEmpty()) {
            selector.invalid("empty selector is invalid for " + kind);
        }
    }

    /** The selector as it is used; empty where it cannot be. */
    public static Optional<LabelSelector> parsed(Field selector) {
        try {
            return Optional.of(LabelSelector.fromNode(selector.value()));
        } catch (SelectorException e) {
            return Optional.empty();
        }
    }

    /** The selector chooses what the template makes. */
    public static void matches(Field template, LabelSelector selector) {
        var labels = template.child("metadata", "labels");
        if (!selector.matches(textsOf(labels.value()))) {
            labels.add(FieldError.invalid(
                    labels.path(),
                    labels.present() ? labels.value() : null,
                    "`selector` does not match template `labels`"));
        }
    }

    public static Map<String, String> textsOf(JsonNode labels) {
        var texts = new LinkedHashMap<String, String>();
        labels.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
        return texts;
    }

    /** A template of pods that are always restarted and have no deadline. */
    public static void runsForever(Field template, String kind, PodRules rules) {
        TemplateValidation.check(template, rules);
        restartsAlways(template, kind);
    }

    public static void restartsAlways(Field template, String kind) {
        var policy = template.child("spec", "restartPolicy");
        if (!policy.is("Always")) {
            policy.notSupported(List.of("Always"));
        }
        var deadline = template.child("spec", "activeDeadlineSeconds");
        if (deadline.present()) {
            deadline.forbidden("activeDeadlineSeconds in " + kind + " is not Supported");
        }
    }

    /** Each of these numbers is 0 or more, where it is given. */
    public static void notNegative(Field owner, String... fields) {
        for (String field : fields) {
            owner.child(field).notNegative();
        }
    }

    /** Each of these numbers is at most that of another field. */
    public static void atMost(Field status, String other, String detail, String... fields) {
        for (String field : fields) {
            var count = status.child(field);
            if (count.number() > status.child(other).number()) {
                count.invalid(count.number(), detail);
            }
        }
    }

    /** The count of collisions of names only grows. */
    public static void collisions(Field status, JsonNode old) {
        var count = status.child("collisionCount");
        if (old.has("collisionCount")
                && (!count.present()
                        || count.number() < old.path("collisionCount").asLong())) {
            count.invalid(count.number(), "cannot be decremented");
        }
    }

    /** A number or a percentage. */
    public static void amount(Field amount) {
        if (amount.value().isTextual()) {
            amount.matches(TextFormat::percent);
        } else {
            amount.notNegative();
        }
    }

    /** A percentage of at most all. */
    public static void notMoreThanAll(Field amount) {
        if (isPercent(amount) && valueOf(amount) > WHOLE) {
            amount.invalid("must not be greater than 100%");
        }
    }

    private static boolean isPercent(Field amount) {
        return amount.value().isTextual() && TextFormat.percent(amount.text()).isEmpty();
    }

    /** The number, or the number before the percent sign; 0 for what is neither. */
    public static long valueOf(Field amount) {
        String text = amount.text();
        String digits = isPercent(amount) ? text.substring(0, text.length() - 1) : text;
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
