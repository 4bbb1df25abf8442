package io.pilothouse.apiserver.admission.policy;

import io.pilothouse.machinery.cel.AdmissionEvaluation;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Inputs;
import io.pilothouse.machinery.cel.AdmissionEvaluation.OutOfBudgetException;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Result;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Evaluates one policy with one parameter. */
final class Validator {
    private static final int LONGEST_MESSAGE = 5 * 1024;

    private final Policy<Validations> policy;
    private final Inputs inputs;

    Validator(Policy<Validations> policy, Inputs inputs) {
        this.policy = policy;
        this.inputs = inputs;
    }

    /**
     * What came of it.
     *
     * @param denials all that says no, in order
     * @param annotations for the audit event
     * @param failures annotations that could not be made, which deny whatever the binding's actions are
     */
    record Outcome(List<Decision> denials, Map<String, String> annotations, List<Decision> failures) {
        static Outcome denied(List<Decision> denials) {
            return new Outcome(denials, Map.of(), List.of());
        }
    }

    Outcome validate() {
        if (!policy.conditions().isEmpty()) {
            var verdict = policy.conditions().check(inputs);
            if (!verdict.error().isEmpty()) {
                return failed(verdict.error());
            }
            if (!verdict.matches()) {
                return Outcome.denied(List.of());
            }
        }
        var evaluation = new AdmissionEvaluation(inputs, policy.variables(), AdmissionEvaluation.BUDGET);
        List<Result> results = new ArrayList<>();
        try {
            for (var validation : policy.rules().validations()) {
                results.add(evaluation.run(validation.condition()));
            }
            return annotated(denials(results, evaluation.remaining()));
        } catch (OutOfBudgetException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private Outcome failed(String why) {
        return Outcome.denied(policy.lenient() ? List.of() : List.of(new Decision(0, why, "")));
    }

    private List<Decision> denials(List<Result> results, long budget) {
        List<Decision> out = new ArrayList<>();
        var messages = new AdmissionEvaluation(inputs, policy.variables(), budget);
        for (int i = 0; i < results.size(); i++) {
            var result = results.get(i);
            if (!result.problem().isEmpty()) {
                if (!policy.lenient()) {
                    out.add(new Decision(i, result.problem(), ""));
                }
            } else if (!result.isTrue()) {
                denial(i, messages).ifPresent(out::add);
            }
        }
        return out;
    }

    private Optional<Decision> denial(int index, AdmissionEvaluation messages) {
        var validation = policy.rules().validations().get(index);
        String made = "";
        if (validation.madeMessage().isPresent()) {
            try {
                made = usable(messages.run(validation.madeMessage().get()).text());
            } catch (OutOfBudgetException e) {
                return policy.lenient()
                        ? Optional.empty()
                        : Optional.of(new Decision(index, "failed messageExpression: " + e.getMessage(), ""));
            }
        }
        String message = made.isEmpty() ? validation.message() : made;
        return Optional.of(new Decision(
                index,
                message.isEmpty()
                        ? "failed expression: "
                                + validation.condition().expression().strip()
                        : message,
                validation.reason()));
    }

    /** A message that is one line and not too long; empty for another one. */
    private static String usable(@Nullable String text) {
        String stripped = text == null ? "" : text.strip();
        boolean tooLong = stripped.getBytes(StandardCharsets.UTF_8).length > LONGEST_MESSAGE;
        return tooLong || stripped.indexOf('\n') >= 0 ? "" : stripped;
    }

    private Outcome annotated(List<Decision> denials) throws OutOfBudgetException {
        Map<String, String> annotations = new LinkedHashMap<>();
        List<Decision> failures = new ArrayList<>();
        var evaluation = new AdmissionEvaluation(inputs, policy.variables(), AdmissionEvaluation.BUDGET);
        for (var annotation : policy.rules().annotations()) {
            var result = evaluation.run(annotation.value());
            if (!result.problem().isEmpty()) {
                if (!policy.lenient()) {
                    failures.add(new Decision(-1, result.problem(), ""));
                }
                continue;
            }
            String text = result.text();
            if (text != null && !text.isBlank()) {
                annotations.put(annotation.key(), text.strip());
            }
        }
        return new Outcome(denials, annotations, failures);
    }
}
