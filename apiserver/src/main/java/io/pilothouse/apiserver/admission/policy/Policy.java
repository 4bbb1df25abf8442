package io.pilothouse.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.match.Conditions;
import io.pilothouse.apiserver.admission.match.Selection;
import io.pilothouse.machinery.cel.AdmissionExpressions;
import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import io.pilothouse.machinery.cel.AdmissionProgram;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What both kinds of policies have, and the rules that one has. Immutable.
 *
 * @param lenient whether requests go on where the policy cannot be evaluated
 * @param variables what its expressions see as {@code variables}
 * @param <R> the compiled validations or mutations
 */
record Policy<R>(
        String name,
        Selection selection,
        JsonNode paramKind,
        boolean lenient,
        Map<String, AdmissionProgram> variables,
        Conditions conditions,
        R rules) {

    /** Compiles expressions of one policy. */
    record Compiler(AdmissionExpressions expressions, AdmissionProgram.Factory factory, boolean params) {
        Scope scope(boolean authorizer, boolean patches) {
            return new Scope(params, authorizer, patches);
        }

        AdmissionProgram program(String expression, boolean authorizer, boolean patches, Wanted wanted) {
            return factory.program(expression, expressions.compile(expression, scope(authorizer, patches), wanted));
        }
    }

    /** @param rules compiles what is the kind's own, after the variables are declared */
    static <R> Policy<R> of(
            ObjectNode object, AdmissionProgram.Factory factory, BiFunction<JsonNode, Compiler, R> rules) {
        var spec = object.path("spec");
        var expressions = new AdmissionExpressions();
        expressions.compose();
        var compiler = new Compiler(expressions, factory, spec.path("paramKind").isObject());
        var variables = new LinkedHashMap<String, AdmissionProgram>();
        for (var variable : spec.path("variables")) {
            String name = variable.path("name").asText("");
            String expression = variable.path("expression").asText("");
            variables.put(
                    name,
                    factory.program(expression, expressions.declare(name, expression, compiler.scope(true, false))));
        }
        var conditions = new Conditions(
                spec.path("matchConditions"), expressions, compiler.scope(true, false), variables, factory);
        return new Policy<>(
                ObjectMeta.name(object),
                Selection.ofPolicy(spec.path("matchConstraints")),
                spec.path("paramKind"),
                spec.path("failurePolicy").asText("").equals("Ignore"),
                Map.copyOf(variables),
                conditions,
                rules.apply(spec, compiler));
    }
}
