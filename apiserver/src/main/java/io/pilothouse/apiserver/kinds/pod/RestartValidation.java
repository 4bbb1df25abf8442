package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.HashSet;

/** When a container is started again: its own restart policy with rules, and the policies for changes of its resources. */
final class RestartValidation {
    private static final String NEEDS_POLICY = "must specify restartPolicy when restart rules are used";
    private static final int MAX_RULES = 20;
    private static final int MAX_EXIT_CODES = 255;

    private RestartValidation() {}

    static void container(Field container) {
        var policy = container.child("restartPolicy");
        var rules = container.child("restartPolicyRules");
        if (!policy.present()) {
            if (rules.isEmpty()) {
                return;
            }
            policy.required(NEEDS_POLICY);
        } else {
            policy.oneOf("Always", "Never", "OnFailure");
        }
        if (rules.size() > MAX_RULES) {
            rules.add(FieldError.tooMany(rules.path(), rules.size(), MAX_RULES));
        }
        rules.each(RestartValidation::rule);
    }

    private static void rule(Field rule) {
        rule.child("action").oneOf("Restart", "RestartAllContainers");
        var codes = rule.child("exitCodes");
        if (!codes.present()) {
            codes.required("must be specified");
            return;
        }
        codes.child("operator").oneOf("In", "NotIn");
        var values = codes.child("values");
        if (values.size() > MAX_EXIT_CODES) {
            values.add(FieldError.tooMany(values.path(), values.size(), MAX_EXIT_CODES));
        }
    }

    static void initContainer(Field container) {
        if (container.child("restartPolicy").present()) {
            container(container);
        } else if (!container.child("restartPolicyRules").isEmpty()) {
            container.child("restartPolicy").required(NEEDS_POLICY);
        }
    }

    static void resizePolicies(Field policies, boolean neverRestarts) {
        var seen = new HashSet<String>();
        policies.each(policy -> {
            String resource = policy.child("resourceName").text();
            if (!seen.add(resource)) {
                policy.duplicate(resource);
            }
            // From here on upstream names the list, not the entry.
            policy.child("resourceName").placedAt(policies.path()).requiredOneOf("cpu", "memory");
            var restart = policy.child("restartPolicy").placedAt(policies.path());
            restart.requiredOneOf("NotRequired", "RestartContainer");
            if (neverRestarts && !restart.is("NotRequired")) {
                restart.invalid("must be 'NotRequired' when pod `restartPolicy` is 'Never'");
            }
        });
    }

    static void noRestartOnResize(Field container) {
        container.child("resizePolicy").each(policy -> {
            if (policy.child("restartPolicy").is("RestartContainer")) {
                policy.child("restartPolicy")
                        .invalid("must not be set to 'RestartContainer' for non-sidecar initContainers");
            }
        });
    }

    /** A pod's own policy. */
    static void pod(Field policy) {
        policy.requiredOneOf("Always", "OnFailure", "Never");
    }
}
