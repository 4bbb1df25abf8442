package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.kinds.WebhookClients;
import io.pilothouse.machinery.field.Field;
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
        } else {
            WebhookClients.check(Field.at(client, path, errors));
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
