package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.apiserver.kinds.ResourceNames;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.quantity.Quantity;

/** What a pod asks for as a whole, against what its containers ask for. */
final class PodResourceRules {
    private PodResourceRules() {}

    static void check(Field spec, PodScope scope) {
        var resources = spec.child("resources");
        if (!resources.present()) {
            return;
        }
        if (scope.os().equals("windows")) {
            resources.forbidden("may not be set for a windows pod");
            return;
        }
        if (resources.child("claims").present()) {
            resources.child("claims").forbidden("claims may not be set for Resources at pod-level");
        }
        ResourceRules.pod(resources, scope.claims(), scope.rules());
        requests(spec, resources.child("requests"));
        var limits = resources.child("limits");
        hugePages(spec, limits);
        containerLimits(spec, resources, limits);
    }

    private static void requests(Field spec, Field requests) {
        ResourceTotals.of(spec.value(), "requests").forEach((name, total) -> {
            var own = requests.value().path(name);
            if (!own.isMissingNode() && total.compareTo(Quantity.parse(own.asText())) > 0) {
                requests.add(FieldError.invalid(
                        requests.path().key(name),
                        own,
                        "must be greater than or equal to aggregate container requests of " + total));
            }
        });
    }

    private static void hugePages(Field spec, Field limits) {
        ResourceTotals.of(spec.value(), "limits").forEach((name, total) -> {
            var own = limits.value().path(name);
            if (ResourceNames.isHugePages(name)
                    && !own.isMissingNode()
                    && total.compareTo(Quantity.parse(own.asText())) > 0) {
                limits.add(FieldError.invalid(
                        limits.path().key(name),
                        own,
                        "must be greater than or equal to aggregate container limits of " + total));
            }
        });
    }

    /** Upstream's path of a container here is below the pod's resources. */
    private static void containerLimits(Field spec, Field resources, Field limits) {
        int index = 0;
        for (var container : spec.value().path("containers")) {
            var at = resources.path().child("containers").index(index++);
            ResourceTotals.quantities(container.path("resources").path("limits"))
                    .forEach((name, amount) -> {
                        var own = limits.value().path(name);
                        if (!own.isMissingNode() && amount.compareTo(Quantity.parse(own.asText())) > 0) {
                            limits.add(FieldError.invalid(
                                    at.key(name).child("limits"),
                                    amount.toString(),
                                    "must be less than or equal to pod limits of " + own.asText()));
                        }
                    });
        }
    }
}
