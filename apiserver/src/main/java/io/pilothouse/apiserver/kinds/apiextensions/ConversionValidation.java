package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.HashSet;
import java.util.List;

/** What is wrong with how a definition's versions are converted. */
final class ConversionValidation {
    private static final List<String> REVIEW_VERSIONS = List.of("v1", "v1beta1");

    private ConversionValidation() {}

    static void validate(JsonNode spec, List<FieldError> errors) {
        var conversion = spec.path("conversion");
        if (!conversion.isObject()) {
            return;
        }
        var path = FieldPath.of("spec", "conversion");
        String strategy = conversion.path("strategy").asText();
        if (!strategy.equals("None") && spec.path("preserveUnknownFields").asBoolean()) {
            errors.add(FieldError.invalid(
                    path.child("strategy"), strategy, "must be None if spec.preserveUnknownFields is true"));
        }
        DefinitionValidation.oneOf(path.child("strategy"), strategy, List.of("None", "Webhook"), errors);
        if (strategy.equals("Webhook")) {
            client(conversion.path("webhookClientConfig"), path.child("webhookClientConfig"), errors);
            reviewVersions(
                    Trees.strings(conversion.path("conversionReviewVersions")),
                    path.child("conversionReviewVersions"),
                    errors);
            return;
        }
        String unwanted = "should not be set when strategy is not set to Webhook";
        if (conversion.has("webhookClientConfig")) {
            errors.add(FieldError.forbidden(path.child("webhookClientConfig"), unwanted));
        }
        if (!conversion.path("conversionReviewVersions").isEmpty()) {
            errors.add(FieldError.forbidden(path.child("conversionReviewVersions"), unwanted));
        }
    }

    private static void client(JsonNode client, FieldPath path, List<FieldError> errors) {
        if (!client.isObject()) {
            errors.add(FieldError.required(path, "required when strategy is set to Webhook"));
        } else if (client.has("url") == client.has("service")) {
            errors.add(FieldError.required(path, "exactly one of url or service is required"));
        } else if (client.has("service")) {
            service(client.path("service"), path.child("service"), errors);
        } else if (!client.path("url").asText().startsWith("https://")) {
            errors.add(FieldError.invalid(
                    path.child("url"),
                    client.path("url").asText(),
                    "'https' is the only allowed URL scheme; desired format: https://host[/path]"));
        }
    }

    private static void service(JsonNode service, FieldPath path, List<FieldError> errors) {
        for (String field : List.of("name", "namespace")) {
            if (service.path(field).asText().isEmpty()) {
                errors.add(FieldError.required(path.child(field), ""));
            }
        }
        int port = service.path("port").asInt();
        if (port < 1 || port > 65_535) {
            errors.add(FieldError.invalid(
                    path.child("port"), port, "port is not valid: must be between 1 and 65535, inclusive"));
        }
    }

    private static void reviewVersions(List<String> versions, FieldPath path, List<FieldError> errors) {
        if (versions.isEmpty()) {
            errors.add(FieldError.required(path, ""));
            return;
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < versions.size(); i++) {
            String version = versions.get(i);
            if (!seen.add(version)) {
                errors.add(FieldError.invalid(path.index(i), version, "duplicate version"));
                continue;
            }
            for (String problem : NameRule.LABEL_1035.problems(version)) {
                errors.add(FieldError.invalid(path.index(i), version, problem));
            }
        }
        if (versions.stream().noneMatch(REVIEW_VERSIONS::contains)) {
            errors.add(FieldError.invalid(
                    path, versions, "must include at least one of " + String.join(", ", REVIEW_VERSIONS)));
        }
    }
}
