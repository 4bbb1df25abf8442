package io.pilothouse.apiserver.kinds.autoscaling;

import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must hold for a metric that an autoscaler follows.
 *
 * @param anyVersion whether the versions of objects with metrics are not looked at
 */
record MetricValidation(boolean anyVersion) {
    private static final List<String> TYPES = List.of("ContainerResource", "External", "Object", "Pods", "Resource");
    private static final Map<String, String> FIELDS = Map.of(
            "ContainerResource", "containerResource",
            "External", "external",
            "Object", "object",
            "Pods", "pods",
            "Resource", "resource");
    /** In the order in which they are looked at: of several, only the first is. */
    private static final List<String> LOOKED_AT =
            List.of("object", "external", "pods", "resource", "containerResource");

    private static final Set<String> OF_CONTAINERS = Set.of("cpu", "memory", "ephemeral-storage");

    void check(Field metric) {
        var type = metric.child("type");
        if (type.isEmpty()) {
            type.required("must specify a metric source type");
        }
        boolean known = TYPES.contains(type.text());
        if (!known) {
            type.notSupported(TYPES);
        }
        var given = LOOKED_AT.stream()
                .filter(field -> metric.child(field).present())
                .toList();
        if (!given.isEmpty()) {
            source(given.getFirst(), metric.child(given.getFirst()));
        }
        String expected = FIELDS.getOrDefault(type.text(), "");
        if (!known) {
            // Upstream says it once more.
            type.notSupported(TYPES);
        } else if (!metric.child(expected).present()) {
            metric.child(expected).required("must populate information for the given metric source");
        }
        if (given.size() > 1) {
            given.stream()
                    .filter(field -> !field.equals(expected))
                    .forEach(field -> metric.child(field).forbidden("must populate the given metric source only"));
        }
    }

    private void source(String kind, Field source) {
        var target = source.child("target");
        switch (kind) {
            case "object" -> {
                AutoscalerValidation.reference(source.child("describedObject"), anyVersion, true);
                identifier(source.child("metric"));
                target(target);
                either(target, "value", "averageValue", "must set either a target value or averageValue");
            }
            case "external" -> {
                identifier(source.child("metric"));
                target(target);
                either(
                        target,
                        "value",
                        "averageValue",
                        "must set either a target value for metric or a per-pod target");
                if (both(target, "value", "averageValue")) {
                    target.child("value").forbidden("may not set both a target value for metric and a per-pod target");
                }
            }
            case "pods" -> {
                identifier(source.child("metric"));
                target(target);
                either(target, "averageValue", "averageValue", "must specify a positive target averageValue");
            }
            case "resource" -> {
                named(source.child("name"), "must specify a resource name");
                resourceTarget(target);
            }
            default -> {
                if (named(source.child("name"), "must specify a resource name")) {
                    containerResource(source.child("name"));
                }
                if (named(source.child("container"), "must specify a container")) {
                    source.child("container").matches(LabelFormat::label);
                }
                resourceTarget(target);
            }
        }
    }

    private static boolean named(Field field, String missing) {
        return field.isEmpty() ? field.required(missing) : true;
    }

    private static void containerResource(Field name) {
        if (name.matches(LabelFormat::key)
                && !name.text().contains("/")
                && !OF_CONTAINERS.contains(name.text())
                && !name.text().startsWith("hugepages-")) {
            name.invalid("must be a standard resource for containers");
        }
    }

    private static void resourceTarget(Field target) {
        target(target);
        either(
                target,
                "averageValue",
                "averageUtilization",
                "must set either a target raw value or a target utilization");
        if (both(target, "averageUtilization", "averageValue")) {
            target.child("averageValue").forbidden("may not set both a target raw value and a target utilization");
        }
    }

    private static boolean both(Field target, String one, String other) {
        return target.child(one).present() && target.child(other).present();
    }

    /** One of two must be there; the second is told. */
    private static void either(Field target, String one, String other, String missing) {
        if (!target.child(one).present() && !target.child(other).present()) {
            target.child(other).required(missing);
        }
    }

    private static void target(Field target) {
        var type = target.child("type");
        if (type.isEmpty()) {
            type.required("must specify a metric target type");
        }
        if (!List.of("Utilization", "Value", "AverageValue").contains(type.text())) {
            type.invalid("must be either Utilization, Value, or AverageValue");
        }
        for (String amount : new String[] {"value", "averageValue"}) {
            target.child(amount).ifPresent(field -> {
                if (Quantity.parse(field.text()).signum() != 1) {
                    field.invalid("must be positive");
                }
            });
        }
        target.child("averageUtilization").ifPresent(utilization -> {
            if (utilization.number() < 1) {
                utilization.invalid("must be greater than 0");
            }
        });
    }

    private static void identifier(Field metric) {
        var name = metric.child("name");
        if (named(name, "must specify a metric name")) {
            name.matches(NameRule::pathSegmentProblems);
        }
    }
}
