package io.pilothouse.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import io.pilothouse.machinery.cel.AdmissionProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The compiled validations and audit annotations of a policy. */
record Validations(List<Validation> validations, List<Annotation> annotations) {
    Validations {
        validations = List.copyOf(validations);
        annotations = List.copyOf(annotations);
    }

    /** @param madeMessage what makes the message, where something does */
    record Validation(
            AdmissionProgram condition, String message, Optional<AdmissionProgram> madeMessage, String reason) {}

    record Annotation(String key, AdmissionProgram value) {}

    static Validations compile(JsonNode spec, Policy.Compiler compiler) {
        List<Validation> validations = new ArrayList<>();
        for (var node : spec.path("validations")) {
            String message = node.path("messageExpression").asText("");
            validations.add(new Validation(
                    compiler.program(node.path("expression").asText(""), true, false, Wanted.BOOL),
                    node.path("message").asText("").strip(),
                    message.isEmpty()
                            ? Optional.empty()
                            : Optional.of(compiler.program(message, false, false, Wanted.STRING)),
                    node.path("reason").asText("Invalid")));
        }
        List<Annotation> annotations = new ArrayList<>();
        for (var node : spec.path("auditAnnotations")) {
            annotations.add(new Annotation(
                    node.path("key").asText(""),
                    compiler.program(node.path("valueExpression").asText(""), true, false, Wanted.STRING_OR_NULL)));
        }
        return new Validations(validations, annotations);
    }
}
