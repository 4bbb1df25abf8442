package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.ResourceNameRules;
import io.pilothouse.apiserver.kinds.ResourceNames;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What must hold for a limit range. */
final class LimitRangeValidation {
    private static final Set<String> TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");
    private static final long LARGEST_MILLI = Long.MAX_VALUE / 1000;

    private LimitRangeValidation() {}

    static List<FieldError> validate(ObjectNode range) {
        var errors = new ArrayList<FieldError>();
        var types = new HashSet<String>();
        Field.of(range, errors).child("spec", "limits").each(limit -> limit(limit, types));
        return errors;
    }

    private static void limit(Field limit, Set<String> types) {
        var type = limit.child("type");
        type(type);
        if (!types.add(type.text())) {
            type.duplicate(type.text());
        }
        boolean pod = type.is("Pod");
        names(limit, "max", type.text());
        names(limit, "min", type.text());
        for (String field : new String[] {"default", "defaultRequest"}) {
            if (!pod) {
                names(limit, field, type.text());
            } else if (!limit.child(field).isEmpty()) {
                limit.child(field).forbidden("may not be specified when `type` is 'Pod'");
            }
        }
        if (type.is("PersistentVolumeClaim")
                && !limit.child("min").value().has("storage")
                && !limit.child("max").value().has("storage")) {
            limit.child("limits")
                    .required("either minimum or maximum storage value is required, but neither was provided");
        }
        names(limit, "maxLimitRequestRatio", type.text());
        var names = new TreeSet<String>();
        for (String field : new String[] {"max", "min", "default", "defaultRequest", "maxLimitRequestRatio"}) {
            limit.child(field).value().fieldNames().forEachRemaining(names::add);
        }
        names.forEach(name -> new Resource(limit, name, pod).check());
    }

    private static void type(Field type) {
        if (type.matches(LabelFormat::key) && !type.text().contains("/") && !TYPES.contains(type.text())) {
            type.invalid("must be a standard limit type or fully qualified");
        }
    }

    private static void names(Field limit, String field, String type) {
        boolean container = type.equals("Pod") || type.equals("Container");
        limit.child(field).entries((name, value) -> {
            if (container) {
                ResourceNameRules.ofContainer(value, name);
            } else {
                ResourceNameRules.any(value, name);
            }
        });
    }

    /** The bounds of one resource in one limit. */
    private static final class Resource {
        private final Field limit;
        private final String name;
        private final @Nullable Quantity min;
        private final @Nullable Quantity max;
        private final @Nullable Quantity usual;
        private final @Nullable Quantity request;
        private final @Nullable Quantity ratio;

        Resource(Field limit, String name, boolean pod) {
            this.limit = limit;
            this.name = name;
            min = quantity("min");
            max = quantity("max");
            usual = pod ? null : quantity("default");
            request = pod ? null : quantity("defaultRequest");
            ratio = quantity("maxLimitRequestRatio");
        }

        private @Nullable Quantity quantity(String field) {
            JsonNode value = limit.child(field).value().get(name);
            return value == null ? null : Quantity.parse(value.asText());
        }

        private void check() {
            ordered("min", "min value", min, "max value", max, min);
            ordered("defaultRequest", "min value", min, "default request value", request, request);
            ordered("defaultRequest", "default request value", request, "max value", max, request);
            ordered("defaultRequest", "default request value", request, "default limit value", usual, request);
            // Upstream shows the bound, not the default, in these two.
            ordered("default", "min value", min, "default value", usual, min);
            ordered("default", "default value", usual, "max value", max, max);
            ratio();
            if (usual != null
                    && request != null
                    && !ResourceNames.isOvercommitAllowed(name)
                    && usual.compareTo(request) != 0) {
                invalid(
                        "defaultRequest",
                        request,
                        "default value " + usual + " must equal to defaultRequest value " + request + " in " + name);
            }
        }

        private void ordered(
                String field,
                String what,
                @Nullable Quantity smaller,
                String other,
                @Nullable Quantity larger,
                @Nullable Quantity shown) {
            if (smaller != null && larger != null && smaller.compareTo(larger) > 0) {
                invalid(field, shown, what + " " + smaller + " is greater than " + other + " " + larger);
            }
        }

        private void ratio() {
            if (ratio == null) {
                return;
            }
            if (ratio.compareTo(Quantity.of(1)) < 0) {
                invalid("maxLimitRequestRatio", ratio, "ratio " + ratio + " is less than 1");
            }
            if (min == null || max == null) {
                return;
            }
            boolean exact =
                    ratio.toLong() < LARGEST_MILLI && min.toLong() < LARGEST_MILLI && max.toLong() < LARGEST_MILLI;
            double wanted = exact ? ratio.toMilli() / 1000.0 : ratio.toLong();
            double possible = exact ? (double) max.toMilli() / min.toMilli() : (double) max.toLong() / min.toLong();
            if (wanted > possible) {
                invalid(
                        "maxLimitRequestRatio",
                        ratio,
                        "ratio " + ratio + " is greater than max/min = " + String.format(Locale.ROOT, "%f", possible));
            }
        }

        private void invalid(String field, @Nullable Quantity shown, String detail) {
            limit.add(FieldError.invalid(
                    limit.child(field).path().key(name), shown == null ? null : shown.toString(), detail));
        }
    }
}
