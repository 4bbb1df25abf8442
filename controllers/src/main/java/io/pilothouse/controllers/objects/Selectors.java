package io.pilothouse.controllers.objects;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Label selectors against labels. */
public final class Selectors {
    private Selectors() {}

    /** Whether the selector takes these labels: none takes nothing, an empty one everything. */
    public static boolean matches(@Nullable LabelSelector selector, @Nullable Map<String, String> given) {
        if (selector == null) {
            return false;
        }
        Map<String, String> labels = given == null ? Map.of() : given;
        return matchesAll(selector.getMatchLabels(), labels)
                && selector.getMatchExpressions().stream().allMatch(requirement -> matches(requirement, labels));
    }

    /** Whether the selector has no term and so takes everything. */
    public static boolean isEmpty(LabelSelector selector) {
        return (selector.getMatchLabels() == null || selector.getMatchLabels().isEmpty())
                && selector.getMatchExpressions().isEmpty();
    }

    /** Whether all of {@code wanted} stand in {@code given}. */
    public static boolean matchesAll(@Nullable Map<String, String> wanted, @Nullable Map<String, String> given) {
        return wanted == null
                || wanted.isEmpty()
                || (given != null && given.entrySet().containsAll(wanted.entrySet()));
    }

    private static boolean matches(LabelSelectorRequirement requirement, Map<String, String> labels) {
        String value = labels.get(requirement.getKey());
        return switch (requirement.getOperator()) {
            case "In" -> value != null && requirement.getValues().contains(value);
            case "NotIn" -> value == null || !requirement.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
