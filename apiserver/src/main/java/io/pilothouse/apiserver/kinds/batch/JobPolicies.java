package io.pilothouse.apiserver.kinds.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** When a job counts a failed pod, and when it is done before all pods are. */
final class JobPolicies {
    private static final int MAX_RULES = 20;
    private static final int MAX_EXIT_CODES = 255;
    private static final int MAX_PATTERNS = 20;
    private static final int LONGEST_INDEXES = 64 * 1024;
    private static final String ACTIONS = "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]";

    private JobPolicies() {}

    static void failure(Field policy, Field spec) {
        var rules = policy.child("rules");
        tooMany(rules, MAX_RULES);
        var names = new HashSet<String>();
        var pods = spec.child("template", "spec");
        for (String list : List.of("containers", "initContainers")) {
            pods.child(list).each(container -> names.add(container.child("name").text()));
        }
        boolean perIndex = spec.child("backoffLimitPerIndex").present();
        rules.each(rule -> failureRule(rule, perIndex, names));
    }

    private static void tooMany(Field list, int max) {
        if (list.size() > max) {
            list.add(FieldError.tooMany(list.path(), list.size(), max));
        }
    }

    private static void failureRule(Field rule, boolean perIndex, Set<String> containers) {
        var action = rule.child("action");
        if (action.isEmpty()) {
            action.required(ACTIONS);
        } else if (action.is("FailIndex")) {
            if (!perIndex) {
                action.invalid("requires the backoffLimitPerIndex to be set");
            }
        } else {
            action.oneOf("Count", "FailIndex", "FailJob", "Ignore");
        }
        var codes = rule.child("onExitCodes");
        var conditions = rule.child("onPodConditions");
        codes.ifPresent(c -> exitCodes(c, containers));
        tooMany(conditions, MAX_PATTERNS);
        conditions.each(JobPolicies::pattern);
        if (codes.present() == !conditions.isEmpty()) {
            String what = codes.present()
                    ? "specifying both OnExitCodes and OnPodConditions is not supported"
                    : "specifying one of OnExitCodes and OnPodConditions is required";
            rule.add(FieldError.invalid(rule.path(), FieldError.OMITTED, what));
        }
    }

    private static void pattern(Field pattern) {
        pattern.child("type").matches(LabelFormat::key);
        var status = pattern.child("status");
        if (status.isEmpty()) {
            status.required("valid values: [\"False\" \"True\" \"Unknown\"]");
        } else {
            status.oneOf("False", "True", "Unknown");
        }
    }

    private static void exitCodes(Field codes, Set<String> containers) {
        var operator = codes.child("operator");
        if (operator.isEmpty()) {
            operator.required("valid values: [\"In\" \"NotIn\"]");
        } else {
            operator.oneOf("In", "NotIn");
        }
        var container = codes.child("containerName");
        if (container.present() && !containers.contains(container.text())) {
            container.invalid("must be one of the container or initContainer names in the pod template");
        }
        var values = codes.child("values");
        if (values.isEmpty()) {
            values.invalid(
                    values.present() ? values.value() : JsonNodeFactory.instance.nullNode(),
                    "at least one value is required");
        }
        tooMany(values, MAX_EXIT_CODES);
        boolean ordered = true;
        var seen = new HashSet<Long>();
        long previous = Long.MIN_VALUE;
        for (var value : values.items()) {
            if (operator.is("In") && value.number() == 0) {
                value.invalid("must not be 0 for the In operator");
            }
            if (!seen.add(value.number())) {
                value.duplicate();
            }
            ordered &= previous <= value.number();
            previous = value.number();
        }
        if (!ordered) {
            values.invalid("must be ordered");
        }
    }

    static void success(Field policy, long completions) {
        var rules = policy.child("rules");
        if (rules.isEmpty()) {
            rules.required("at least one rules must be specified when the successPolicy is specified");
        }
        tooMany(rules, MAX_RULES);
        rules.each(rule -> successRule(rule, completions));
    }

    private static void successRule(Field rule, long completions) {
        var count = rule.child("succeededCount");
        var indexes = rule.child("succeededIndexes");
        if (!count.present() && !indexes.present()) {
            rule.required("at least one of succeededCount or succeededIndexes must be specified");
        }
        long total = 0;
        if (indexes.present()) {
            if (indexes.text().length() > LONGEST_INDEXES) {
                indexes.add(FieldError.tooLong(indexes.path(), LONGEST_INDEXES));
            }
            try {
                total = IndexSet.count(indexes.text(), completions);
            } catch (IndexSet.FormatException e) {
                indexes.invalid("error parsing succeededIndexes: " + e.getMessage());
            }
        }
        if (!count.present()) {
            return;
        }
        count.notNegative();
        if (count.number() > completions) {
            count.invalid("must be less than or equal to " + completions + " (the number of specified completions)");
        }
        if (indexes.present() && count.number() > total) {
            count.invalid("must be less than or equal to " + total
                    + " (the number of indexes in the specified succeededIndexes field)");
        }
    }
}
