package io.pilothouse.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.match.VersionedRequest;
import io.pilothouse.machinery.apply.ApplyConfiguration;
import io.pilothouse.machinery.cel.AdmissionEvaluation;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Inputs;
import io.pilothouse.machinery.cel.AdmissionEvaluation.OutOfBudgetException;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import io.pilothouse.machinery.cel.AdmissionProgram;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.StrictDecodingException;
import io.pilothouse.machinery.patch.JsonPatch;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One change that a mutating policy makes: an apply configuration or a JSON patch, made by an expression. */
record Mutation(AdmissionProgram program, boolean applies) {

    /** A mutation fails in a way that the policy's failurePolicy is for. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /** Compiles all of a policy. */
    static List<Mutation> compile(JsonNode spec, Policy.Compiler compiler) {
        List<Mutation> out = new ArrayList<>();
        for (var mutation : spec.path("mutations")) {
            boolean applies = mutation.path("patchType").asText("").equals("ApplyConfiguration");
            String expression = mutation.path(applies ? "applyConfiguration" : "jsonPatch")
                    .path("expression")
                    .asText("");
            out.add(new Mutation(
                    compiler.program(expression, true, true, applies ? Wanted.OBJECT : Wanted.PATCHES), applies));
        }
        return List.copyOf(out);
    }

    /**
     * Changes the object of a request.
     *
     * @return whether it is another one afterwards
     */
    boolean apply(VersionedRequest request, Inputs inputs, Map<String, AdmissionProgram> variables)
            throws FailedException {
        var object = request.object();
        if (object == null) {
            return false;
        }
        if (!program.problem().isEmpty()) {
            throw new FailedException(program.problem());
        }
        var made = evaluate(inputs, variables);
        if (!program.misnamed().isEmpty()) {
            throw new FailedException("type mismatch: " + program.misnamed());
        }
        var changed = applies ? laidOver(request, object, made) : patched(object, made);
        try {
            return request.replace(changed, applies ? FieldValidation.IGNORE : FieldValidation.STRICT);
        } catch (DecodeException | StrictDecodingException e) {
            throw StatusException.internalError(String.valueOf(e.getMessage()));
        }
    }

    private JsonNode evaluate(Inputs inputs, Map<String, AdmissionProgram> variables) throws FailedException {
        try {
            var result = new AdmissionEvaluation(inputs, variables, AdmissionEvaluation.BUDGET).run(program);
            if (!result.problem().isEmpty()) {
                throw new FailedException(result.problem());
            }
            return result.tree();
        } catch (OutOfBudgetException e) {
            throw new FailedException(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new FailedException(
                    "JSONPath valueExpression evaluated to a type that could not marshal to JSON: " + e.getMessage());
        }
    }

    private static ObjectNode laidOver(VersionedRequest request, ObjectNode object, JsonNode made)
            throws FailedException {
        var version = request.version()
                .orElseThrow(() -> StatusException.serviceUnavailable("Resource kind "
                        + request.match().kind() + " not found. There can be a delay between when"
                        + " CustomResourceDefinitions are created and when they are available."));
        if (!(made instanceof ObjectNode configuration)) {
            throw new FailedException("unsupported return type from ApplyConfiguration expression");
        }
        configuration.set("kind", object.get("kind"));
        configuration.set("apiVersion", object.get("apiVersion"));
        try {
            return ApplyConfiguration.merge(object, configuration, version.schema());
        } catch (IllegalArgumentException e) {
            throw new FailedException("error applying patch: " + e.getMessage());
        }
    }

    private static ObjectNode patched(ObjectNode object, JsonNode made) throws FailedException {
        try {
            // A test that does not hold says that there is nothing to change.
            var patched = JsonPatch.parse(Json.write(made)).applyIfTestsHold(object);
            if (patched.isEmpty()) {
                return object;
            }
            if (patched.get() instanceof ObjectNode changed) {
                return changed;
            }
            throw new FailedException("JSON Patch: the patched object is none");
        } catch (StatusException e) {
            throw new FailedException("JSON Patch: " + e.getMessage());
        }
    }
}
