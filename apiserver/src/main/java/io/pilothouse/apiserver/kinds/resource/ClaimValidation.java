package io.pilothouse.apiserver.kinds.resource;

import io.pilothouse.machinery.cel.DeviceExpressions;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What must hold for the spec of a claim.
 *
 * @param requests the names of requests, each with those of its alternatives
 */
record ClaimValidation(Map<String, Set<String>> requests) {
    private static final int MOST = 32;
    private static final int MOST_ALTERNATIVES = 8;
    private static final int LONGEST_EXPRESSION = 10 * 1024;
    private static final int LONGEST_PARAMETERS = 10 * 1024;
    private static final String UNKNOWN_REQUEST =
            "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

    /** @param spec of a claim or of a template for claims */
    static ClaimValidation of(Field spec) {
        var names = new HashMap<String, Set<String>>();
        spec.child("devices", "requests").each(request -> {
            var alternatives = new HashSet<String>();
            request.child("firstAvailable")
                    .each(one -> alternatives.add(one.child("name").text()));
            names.put(request.child("name").text(), alternatives);
        });
        return new ClaimValidation(names);
    }

    static void check(Field spec) {
        var rules = of(spec);
        var devices = spec.child("devices");
        DeviceRules.set(
                devices.child("requests"),
                MOST,
                ClaimValidation::request,
                r -> r.child("name").text());
        DeviceRules.list(devices.child("constraints"), MOST, rules::constraint);
        DeviceRules.list(devices.child("config"), MOST, config -> {
            rules.references(config.child("requests"));
            configuration(config);
        });
    }

    private static void request(Field request) {
        request.child("name").matches(LabelFormat::label);
        var alternatives = request.child("firstAvailable");
        var exactly = request.child("exactly");
        if (alternatives.isEmpty() && !exactly.present()) {
            request.required("exactly one of `exactly` or `firstAvailable` is required");
        } else if (!alternatives.isEmpty() && exactly.present()) {
            request.add(FieldError.invalid(
                    request.path(),
                    null,
                    "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set"));
        } else if (exactly.present()) {
            exact(exactly);
        } else {
            DeviceRules.set(
                    alternatives,
                    MOST_ALTERNATIVES,
                    alternative -> {
                        alternative.child("name").matches(LabelFormat::label);
                        exact(alternative);
                    },
                    alternative -> alternative.child("name").text());
        }
    }

    private static void exact(Field request) {
        var type = request.child("deviceClassName");
        if (type.mustExist()) {
            type.matches(LabelFormat::subdomain);
        }
        selectors(request.child("selectors"));
        var mode = request.child("allocationMode");
        var count = request.child("count");
        if (mode.oneOf("All", "ExactCount")) {
            if (mode.is("All") && count.number() != 0) {
                count.invalid("must not be specified when allocationMode is 'All'");
            } else if (mode.is("ExactCount") && count.number() <= 0) {
                count.invalid(count.number(), "must be greater than zero");
            }
        }
        request.child("tolerations").each(ClaimValidation::toleration);
    }

    private static void toleration(Field toleration) {
        var key = toleration.child("key");
        if (!key.isEmpty()) {
            key.matches(LabelFormat::key);
        }
        var operator = toleration.child("operator");
        var value = toleration.child("value");
        if (operator.requiredOneOf("Equal", "Exists")) {
            if (operator.is("Equal")) {
                value.matches(LabelFormat::value);
            } else if (!value.isEmpty()) {
                value.invalid("must be empty for operator `Exists`");
            }
        }
        toleration.child("effect").emptyOrOneOf("NoExecute", "NoSchedule", "None");
    }

    /** Expressions that choose devices. */
    static void selectors(Field selectors) {
        DeviceRules.list(selectors, MOST, selector -> {
            var cel = selector.child("cel");
            if (!cel.present()) {
                cel.required("");
                return;
            }
            var expression = cel.child("expression");
            if (expression.text().length() > LONGEST_EXPRESSION) {
                expression.add(FieldError.tooLong(expression.path(), LONGEST_EXPRESSION));
            } else {
                DeviceExpressions.problem(expression.text())
                        .ifPresent(problem -> expression.invalid(expression.text(), problem));
            }
        });
    }

    private void constraint(Field constraint) {
        references(constraint.child("requests"));
        var match = constraint.child("matchAttribute");
        var distinct = constraint.child("distinctAttribute");
        if (match.present()) {
            DeviceRules.fullyQualified(match);
        } else if (distinct.present()) {
            DeviceRules.fullyQualified(distinct);
        } else {
            // Upstream's words, though none is set.
            constraint.required(
                    "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set");
        }
    }

    /** Names of requests, without duplicates. */
    void references(Field names) {
        DeviceRules.set(names, MOST, this::reference, Field::text);
    }

    /** The name of a request, or of one of its alternatives. */
    void reference(Field name) {
        var parts = name.text().split("/", -1);
        if (parts.length > 2) {
            name.invalid(UNKNOWN_REQUEST);
            return;
        }
        for (String part : parts) {
            LabelFormat.label(part).forEach(problem -> name.invalid(part, problem));
        }
        var alternatives = requests.get(parts[0]);
        if (alternatives == null || (parts.length == 2 && !alternatives.contains(parts[1]))) {
            name.invalid(UNKNOWN_REQUEST);
        }
    }

    /** What a driver is told; only the driver understands it. */
    static void configuration(Field config) {
        var opaque = config.child("opaque");
        if (!opaque.present()) {
            opaque.required("");
            return;
        }
        DeviceRules.driver(opaque.child("driver"));
        DeviceRules.raw(opaque.child("parameters"), LONGEST_PARAMETERS);
    }
}
