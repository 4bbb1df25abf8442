package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.cel.AdmissionExpressions;
import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.CelNames;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must hold for admission policies; what is checked of their rules is told by each kind. */
final class PolicyValidation {
    private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");

    private final Field spec;
    private final boolean params;
    private final AdmissionExpressions compiler = new AdmissionExpressions();

    private PolicyValidation(Field spec) {
        this.spec = spec;
        this.params = spec.child("paramKind").present();
    }

    /** @param old null for a new policy */
    static List<FieldError> validating(ObjectNode policy, @Nullable ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var validation = new PolicyValidation(Field.of(policy, errors).child("spec"));
        validation.common(policy, old, false);
        validation.variables(!policy.path("spec").path("variables").isEmpty());
        new ValidationRules(validation.compiler, validation.params).check(validation.spec, policy);
        return errors;
    }

    /** @param old null for a new policy */
    static List<FieldError> mutating(ObjectNode policy, @Nullable ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var validation = new PolicyValidation(Field.of(policy, errors).child("spec"));
        validation.common(policy, old, true);
        validation.variables(true);
        new MutationRules(validation.compiler, validation.params).check(validation.spec);
        return errors;
    }

    private void common(ObjectNode policy, @Nullable ObjectNode old, boolean mutating) {
        var failure = spec.child("failurePolicy");
        if (failure.present()) {
            failure.oneOf("Fail", "Ignore");
        } else {
            failure.required("");
        }
        if (params) {
            paramKind(spec.child("paramKind"));
        }
        var constraints = spec.child("matchConstraints");
        if (constraints.present()) {
            RuleValidation.match(constraints);
            // Without a rule nobody would know what type the object has.
            constraints.child("resourceRules").mustExist();
            if (mutating) {
                RuleValidation.mutable(constraints);
            }
        } else {
            constraints.required("");
        }
        if (old == null || !sameConditions(policy, old)) {
            ExpressionValidation.conditions(spec.child("matchConditions"), params);
        }
    }

    private static boolean sameConditions(ObjectNode policy, ObjectNode old) {
        var now = policy.path("spec");
        var before = old.path("spec");
        return Objects.equals(now.get("paramKind"), before.get("paramKind"))
                && Objects.equals(now.get("matchConditions"), before.get("matchConditions"));
    }

    private static void paramKind(Field paramKind) {
        var version = paramKind.child("apiVersion");
        if (version.mustExist()) {
            apiVersion(version);
        }
        var kind = paramKind.child("kind");
        if (kind.mustExist()) {
            var problems = LabelFormat.label1035(kind.text().toLowerCase(Locale.ROOT));
            if (!problems.isEmpty()) {
                kind.invalid("may have mixed case, but should otherwise match: " + String.join(",", problems));
            }
        }
    }

    private static void apiVersion(Field field) {
        String text = field.text();
        int slash = text.indexOf('/');
        if (slash >= 0 && text.indexOf('/', slash + 1) >= 0) {
            field.invalid("unexpected GroupVersion string: " + text);
            return;
        }
        String group = slash < 0 ? "" : text.substring(0, slash);
        String version = text.substring(slash + 1);
        var problems = group.isEmpty() ? List.<String>of() : LabelFormat.subdomain(group);
        if (!problems.isEmpty()) {
            field.invalid(group, String.join(",", problems));
        }
        if (version.isEmpty()) {
            field.invalid("version must be specified");
        } else {
            var wrong = LabelFormat.label1035(version);
            if (!wrong.isEmpty()) {
                field.invalid(version, String.join(",", wrong));
            }
        }
    }

    private void variables(boolean composed) {
        if (composed) {
            compiler.compose();
        }
        spec.child("variables").each(variable -> {
            var name = variable.child("name");
            if (name.text().isBlank()) {
                name.required("name is not specified");
            } else if (!IDENTIFIER.matcher(name.text()).matches() || CelNames.isReserved(name.text())) {
                name.invalid("must be a valid CEL identifier");
            }
            var expression = variable.child("expression");
            if (expression.text().isBlank()) {
                expression.required("expression is not specified");
            } else {
                compiler.declare(name.text(), expression.text(), new Scope(params, true, false))
                        .failure()
                        .ifPresent(expression::invalid);
            }
        });
    }
}
