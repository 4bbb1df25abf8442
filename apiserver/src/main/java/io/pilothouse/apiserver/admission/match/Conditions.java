package io.pilothouse.apiserver.admission.match;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.cel.AdmissionEvaluation;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Inputs;
import io.pilothouse.machinery.cel.AdmissionEvaluation.OutOfBudgetException;
import io.pilothouse.machinery.cel.AdmissionExpressions;
import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import io.pilothouse.machinery.cel.AdmissionProgram;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The matchConditions of a webhook or a policy. Immutable. */
public final class Conditions {
    private final List<AdmissionProgram> programs = new ArrayList<>();
    private final Map<String, AdmissionProgram> variables;

    /**
     * What conditions came to.
     *
     * @param error what could not be found out, where no condition says no; empty for nothing
     */
    public record Verdict(boolean matches, String error) {}

    /**
     * Compiles conditions.
     *
     * @param nodes the matchConditions
     * @param variables what they see as {@code variables}
     */
    public Conditions(
            JsonNode nodes,
            AdmissionExpressions expressions,
            Scope scope,
            Map<String, AdmissionProgram> variables,
            AdmissionProgram.Factory factory) {
        this.variables = Map.copyOf(variables);
        for (var node : nodes) {
            String text = node.path("expression").asText("");
            programs.add(factory.program(text, expressions.compile(text, scope, Wanted.BOOL)));
        }
    }

    public boolean isEmpty() {
        return programs.isEmpty();
    }

    /** One that says no decides, also where others fail. */
    public Verdict check(Inputs inputs) {
        var evaluation = new AdmissionEvaluation(inputs, variables, AdmissionEvaluation.CONDITIONS_BUDGET);
        Set<String> errors = new LinkedHashSet<>();
        try {
            for (var program : programs) {
                var result = evaluation.run(program);
                if (result.isFalse()) {
                    return new Verdict(false, "");
                }
                if (!result.problem().isEmpty()) {
                    errors.add(result.problem());
                }
            }
        } catch (OutOfBudgetException e) {
            return new Verdict(false, String.valueOf(e.getMessage()));
        }
        if (errors.isEmpty()) {
            return new Verdict(true, "");
        }
        return new Verdict(
                false, errors.size() == 1 ? errors.iterator().next() : "[" + String.join(", ", errors) + "]");
    }
}
