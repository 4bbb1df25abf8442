package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.cel.ReviewExpressions;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What must hold for an AuthorizationConfiguration, in upstream's words. */
final class AuthorizationValidation {
    private static final List<String> TYPES = List.of("AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook");
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MOST_CONDITIONS = 64;

    private final Function<String, Duration> durations;
    private final List<FieldError> errors = new ArrayList<>();
    private final Set<String> types = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final ReviewExpressions expressions = new ReviewExpressions();

    private AuthorizationValidation(Function<String, Duration> durations) {
        this.durations = durations;
    }

    static List<FieldError> check(JsonNode config, Function<String, Duration> durations) {
        var validation = new AuthorizationValidation(durations);
        var all = Field.of(config, validation.errors).child("authorizers");
        if (all.size() == 0) {
            all.required("at least one authorization mode must be defined");
        }
        all.each(validation::authorizer);
        return validation.errors;
    }

    private void authorizer(Field authorizer) {
        var type = authorizer.child("type");
        if (type.isEmpty()) {
            type.required("");
            return;
        }
        if (!TYPES.contains(type.text())) {
            type.notSupported(TYPES);
            return;
        }
        if (!types.add(type.text()) && !type.is("Webhook")) {
            type.duplicate();
            return;
        }
        name(authorizer.child("name"));
        var webhook = authorizer.child("webhook");
        if (!type.is("Webhook")) {
            if (webhook.present()) {
                webhook.invalid("non-null", "may only be specified when type=Webhook");
            }
        } else if (webhook.present()) {
            // Upstream tells of a webhook's fields as if they were the authorizer's own.
            webhook(webhook.placedAt(authorizer.path()));
        } else {
            webhook.required("required when type=Webhook");
        }
    }

    private void name(Field name) {
        if (name.isEmpty()) {
            name.required("");
            return;
        }
        var problems = LabelFormat.subdomain(name.text());
        if (!names.add(name.text())) {
            name.duplicate();
        } else if (!problems.isEmpty()) {
            name.invalid("authorizer name is invalid: " + String.join(", ", problems));
        }
    }

    private void webhook(Field webhook) {
        var timeout = webhook.child("timeout");
        if (timeout.isEmpty() || timeout.text().matches("0(s|m|h|ms)?")) {
            timeout.required("");
        } else {
            duration(timeout, LONGEST, "must be > 0s and <= 30s");
        }
        webhook.child("authorizedTTL")
                .ifPresent(ttl -> duration(ttl, Duration.ofNanos(Long.MAX_VALUE), "must be > 0s"));
        webhook.child("unauthorizedTTL")
                .ifPresent(ttl -> duration(ttl, Duration.ofNanos(Long.MAX_VALUE), "must be > 0s"));
        oneOf(webhook.child("subjectAccessReviewVersion"), "v1", "v1beta1");
        var conditions = webhook.child("matchConditions");
        var version = webhook.child("matchConditionSubjectAccessReviewVersion");
        if (!version.isEmpty()) {
            oneOf(version, "v1");
        } else if (conditions.size() > 0) {
            version.required("required if match conditions are specified");
        }
        oneOf(webhook.child("failurePolicy"), "NoOpinion", "Deny");
        connection(webhook.child("connectionInfo"));
        conditions(conditions);
    }

    private static void oneOf(Field field, String... supported) {
        if (field.isEmpty()) {
            field.required("");
        } else if (!List.of(supported).contains(field.text())) {
            field.notSupported(List.of(supported));
        }
    }

    private void duration(Field field, Duration longest, String rule) {
        try {
            if (durations.apply(field.text()).compareTo(longest) > 0) {
                field.invalid(rule);
            }
        } catch (IllegalArgumentException e) {
            field.invalid(rule);
        }
    }

    private static void connection(Field connection) {
        var type = connection.child("type");
        var file = connection.child("kubeConfigFile");
        switch (type.text()) {
            case "" -> type.required("");
            case "InClusterConfig" -> {
                if (file.present()) {
                    file.invalid("can only be set when type=KubeConfigFile");
                }
                type.invalid("an API server has no cluster that it runs in");
            }
            case "KubeConfigFile" -> {
                if (file.isEmpty()) {
                    file.required("");
                } else if (!Path.of(file.text()).isAbsolute()) {
                    file.invalid("must be an absolute path");
                } else if (!Files.exists(Path.of(file.text()))) {
                    file.invalid("error loading file: stat " + file.text() + ": no such file or directory");
                } else if (!Files.isRegularFile(Path.of(file.text()))) {
                    file.invalid("must be a regular file");
                }
            }
            default -> type.notSupported(List.of("InClusterConfig", "KubeConfigFile"));
        }
    }

    private void conditions(Field conditions) {
        if (conditions.size() > MOST_CONDITIONS) {
            conditions.add(FieldError.tooMany(conditions.path(), conditions.size(), MOST_CONDITIONS));
            return;
        }
        var seen = new HashSet<String>();
        conditions.each(condition -> {
            var expression = condition.child("expression");
            if (expression.text().isBlank()) {
                expression.required("");
            } else if (seen.add(expression.text())) {
                expressions.condition(expression.text()).failure().ifPresent(expression::invalid);
            } else {
                expression.duplicate();
            }
        });
    }
}
