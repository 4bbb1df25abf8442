package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.kinds.WebhookClients;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.SelectorRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What must hold for the webhooks of a configuration. An update may keep what an older server let through: each mistake that one
 * of the old webhooks makes is allowed to all of the new ones.
 *
 * @param effects whether webhooks must be without side effects
 * @param versions whether a webhook must understand a version of reviews that this server speaks
 * @param uniqueNames whether names must be unique
 * @param anyValues whether selectors may have values that no label has
 * @param conditions whether match conditions are looked at
 */
record WebhookValidation(
        boolean effects, boolean versions, boolean uniqueNames, boolean anyValues, boolean conditions) {
    private static final List<String> REVIEW_VERSIONS = List.of("v1", "v1beta1");
    private static final List<String> NO_EFFECTS = List.of("None", "NoneOnDryRun");
    private static final String[] ALL_EFFECTS = {"None", "NoneOnDryRun", "Some", "Unknown"};
    private static final int LONGEST_TIMEOUT = 30;
    private static final int SEGMENTS = 3;

    static List<FieldError> create(ObjectNode configuration) {
        return new WebhookValidation(true, true, true, false, true).check(configuration);
    }

    static List<FieldError> update(ObjectNode configuration, ObjectNode old) {
        var hooks = old.path("webhooks");
        return new WebhookValidation(
                        all(
                                hooks,
                                hook -> NO_EFFECTS.contains(
                                        hook.path("sideEffects").asText())),
                        all(hooks, WebhookValidation::speaksOrIsSilent),
                        uniqueNames(hooks),
                        !all(
                                hooks,
                                hook -> isStrict(hook.path("namespaceSelector"))
                                        && isStrict(hook.path("objectSelector"))),
                        !sameConditions(configuration.path("webhooks"), hooks))
                .check(configuration);
    }

    private static boolean all(JsonNode hooks, Predicate<JsonNode> test) {
        return hooks.valueStream().allMatch(test);
    }

    private static boolean speaksOrIsSilent(JsonNode hook) {
        var versions = Trees.strings(hook.path("admissionReviewVersions"));
        return versions.isEmpty() || versions.stream().anyMatch(REVIEW_VERSIONS::contains);
    }

    private static boolean uniqueNames(JsonNode hooks) {
        var names = new HashSet<String>();
        return all(hooks, hook -> names.add(hook.path("name").asText()));
    }

    private static boolean isStrict(JsonNode selector) {
        return !SelectorRules.hasInvalidValue(selector);
    }

    private static boolean sameConditions(JsonNode hooks, JsonNode old) {
        if (hooks.size() != old.size()) {
            return false;
        }
        for (int i = 0; i < hooks.size(); i++) {
            if (!Objects.equals(hooks.get(i).get("matchConditions"), old.get(i).get("matchConditions"))) {
                return false;
            }
        }
        return true;
    }

    private List<FieldError> check(ObjectNode configuration) {
        var errors = new ArrayList<FieldError>();
        var names = new HashSet<String>();
        Field.of(configuration, errors).child("webhooks").each(hook -> {
            webhook(hook);
            reviewVersions(hook.child("admissionReviewVersions"));
            var name = hook.child("name");
            if (uniqueNames && !name.isEmpty() && !names.add(name.text())) {
                name.duplicate();
            }
        });
        return errors;
    }

    private void webhook(Field hook) {
        qualified(hook.child("name"));
        hook.child("rules").each(RuleValidation::rule);
        hook.child("failurePolicy").ifPresent(policy -> policy.oneOf("Fail", "Ignore"));
        hook.child("matchPolicy").ifPresent(policy -> policy.oneOf("Equivalent", "Exact"));
        var sideEffects = hook.child("sideEffects");
        var allowed = effects ? NO_EFFECTS : List.of(ALL_EFFECTS);
        if (!sideEffects.present()) {
            sideEffects.required("must specify one of " + String.join(", ", allowed));
        } else {
            sideEffects.oneOf(allowed.toArray(String[]::new));
        }
        hook.child("timeoutSeconds").ifPresent(timeout -> {
            if (timeout.number() < 1 || timeout.number() > LONGEST_TIMEOUT) {
                timeout.invalid("the timeout value must be between 1 and 30 seconds");
            }
        });
        SelectorRules.check(hook.child("namespaceSelector"), anyValues);
        SelectorRules.check(hook.child("objectSelector"), anyValues);
        hook.child("reinvocationPolicy").ifPresent(policy -> policy.oneOf("IfNeeded", "Never"));
        WebhookClients.check(hook.child("clientConfig"));
        if (conditions) {
            ExpressionValidation.conditions(hook.child("matchConditions"), false);
        }
    }

    private static void qualified(Field name) {
        if (!name.mustExist()) {
            return;
        }
        var problems = LabelFormat.subdomain(name.text());
        if (!problems.isEmpty()) {
            name.invalid(String.join(",", problems));
        } else if (name.text().split("\\.", -1).length < SEGMENTS) {
            name.invalid("should be a domain with at least three segments separated by dots");
        }
    }

    private void reviewVersions(Field field) {
        if (field.isEmpty()) {
            field.required("must specify one of " + String.join(", ", REVIEW_VERSIONS));
            return;
        }
        var seen = new HashSet<String>();
        field.each(version -> {
            if (!seen.add(version.text())) {
                version.invalid("duplicate version");
            } else {
                version.matches(LabelFormat::label1035);
            }
        });
        if (versions && seen.stream().noneMatch(REVIEW_VERSIONS::contains)) {
            field.invalid("must include at least one of " + String.join(", ", REVIEW_VERSIONS));
        }
    }
}
