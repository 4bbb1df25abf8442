package io.pilothouse.apiserver.kinds.resource;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.quantity.Quantity;

/** What must hold for what may be asked of a device that several share. */
final class RequestPolicies {
    private static final int MOST_OPTIONS = 10;

    private RequestPolicies() {}

    static void check(Field policy, String capacity) {
        var values = policy.child("validValues");
        var range = policy.child("validRange");
        if (!values.isEmpty() && range.present()) {
            policy.forbidden(
                    "exactly one policy can be specified, cannot specify \"validValues\" and \"validRange\" at the same time");
            return;
        }
        var usual = policy.child("default");
        var max = Quantity.parse(capacity);
        if (!values.isEmpty()) {
            if (usual.present()) {
                values(values, Quantity.parse(usual.text()), max);
            } else {
                usual.required("required when validValues is defined");
            }
        } else if (range.present()) {
            if (usual.present()) {
                range(range, Quantity.parse(usual.text()), max);
            } else {
                usual.required("required when validRange is defined");
            }
        }
    }

    private static void values(Field values, Quantity usual, Quantity max) {
        var items = values.items();
        for (int i = 0; i + 1 < items.size(); i++) {
            if (amount(items.get(i)).compareTo(amount(items.get(i + 1))) > 0) {
                items.get(i + 1).invalid("values must be sorted in ascending order");
            }
        }
        DeviceRules.set(
                values,
                MOST_OPTIONS,
                option -> {
                    if (amount(option).compareTo(max) > 0) {
                        option.invalid("option is larger than capacity value: " + max);
                    }
                },
                option -> Long.toString(amount(option).toLong()));
        if (items.stream().noneMatch(option -> amount(option).compareTo(usual) == 0)) {
            values.invalid(usual.toString(), "default value is not valid according to the requestPolicy");
        }
    }

    private static Quantity amount(Field field) {
        return Quantity.parse(field.text());
    }

    private static void range(Field range, Quantity usual, Quantity capacity) {
        var least = range.child("min");
        if (!least.present()) {
            least.required("required when validRange is defined");
            return;
        }
        var min = amount(least);
        if (min.compareTo(capacity) > 0) {
            least.invalid("min is larger than capacity value: " + capacity);
        }
        if (usual.compareTo(min) < 0) {
            least.invalid(usual.toString(), "default is less than min: " + min);
        }
        var most = range.child("max");
        most.ifPresent(field -> {
            var max = amount(field);
            if (min.compareTo(max) > 0) {
                field.invalid(min.toString(), "min is larger than max: " + max);
            }
            if (max.compareTo(capacity) > 0) {
                field.invalid("max is larger than capacity value: " + capacity);
            }
            if (usual.compareTo(max) > 0) {
                field.invalid(usual.toString(), "default is more than max: " + max);
            }
        });
        range.child("step").ifPresent(step -> {
            var one = min.add(amount(step));
            if (one.compareTo(capacity) > 0) {
                step.invalid("one step " + one + " is larger than capacity value: " + capacity);
            }
            onStep(step, usual, min);
            if (most.present()) {
                onStep(step, amount(most), min);
            }
        });
    }

    private static void onStep(Field step, Quantity value, Quantity min) {
        long size = amount(step).toLong();
        if (size == 0 || (value.toLong() - min.toLong()) % size != 0) {
            step.invalid(
                    value.toString(),
                    "value is not a multiple of a given step (" + step.text() + ") from (" + min + ")");
        }
    }
}
