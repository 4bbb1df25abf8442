package io.pilothouse.apiserver.kinds;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.quantity.Quantity;

/** What must hold for the names and amounts of resources in limit ranges and quotas. A mistake is told at the amount's place. */
public final class ResourceNameRules {
    private ResourceNameRules() {}

    /** Any resource. */
    public static boolean any(Field at, String name) {
        var problems = LabelFormat.key(name);
        problems.forEach(problem -> at.invalid(name, problem));
        if (!problems.isEmpty()) {
            return false;
        }
        return name.contains("/")
                || ResourceNames.isStandard(name)
                || at.invalid(name, "must be a standard resource type or fully qualified");
    }

    /** One that containers ask for. */
    public static void ofContainer(Field at, String name) {
        any(at, name);
        if (!name.contains("/")) {
            if (!ResourceNames.isStandardForContainers(name)) {
                at.invalid(name, "must be a standard resource for containers");
            }
        } else if (!ResourceNames.isNative(name) && !ResourceNames.isExtended(name)) {
            at.invalid(name, "doesn't follow extended resource name standard");
        }
    }

    /** One that a quota counts. */
    public static void ofQuota(Field at, String name) {
        any(at, name);
        if (!name.contains("/") && !isStandardForQuotas(name)) {
            at.invalid(name, "must be a standard resource for quota");
        }
    }

    /** Whether a quota knows a name without a domain. */
    public static boolean isStandardForQuotas(String name) {
        return ResourceNames.isStandard(name) && !name.equals("storage");
    }

    /** An amount of a resource. */
    public static void amount(Field amount, String name) {
        amount.quantityNotNegative();
        if (ResourceNames.isWhole(name) && Quantity.parse(amount.text()).toMilli() % 1000 != 0) {
            amount.invalid("must be an integer");
        }
    }
}
