package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs expressions over one request, with a budget for all of them together. Variables that a policy declares are found out when one first
 * asks for them. For one thread.
 */
public final class AdmissionEvaluation {
    /** What the validations, or the mutations, of one binding may cost together. */
    public static final long BUDGET = 10_000_000;
    /** What match conditions may cost together. */
    public static final long CONDITIONS_BUDGET = 2_500_000;

    private static final String OUT_OF_BUDGET =
            "validation failed due to running out of cost budget, no further validation rules will be run";

    private final Map<String, Object> values;
    private long remaining;

    /** All expressions together cost too much: nothing more is run. */
    public static final class OutOfBudgetException extends Exception {
        private static final long serialVersionUID = 1L;

        OutOfBudgetException() {
            super(OUT_OF_BUDGET);
        }
    }

    /** What an expression came to. */
    public static final class Result {
        private final @Nullable Object value;
        private final String problem;

        private Result(@Nullable Object value, String problem) {
            this.value = value;
            this.problem = problem;
        }

        /** What went wrong, in upstream's words; empty where nothing did. */
        public String problem() {
            return problem;
        }

        public boolean isTrue() {
            return Boolean.TRUE.equals(value);
        }

        public boolean isFalse() {
            return Boolean.FALSE.equals(value);
        }

        /** The value if it is a text. */
        public @Nullable String text() {
            return value instanceof String text ? text : null;
        }

        /** The value as JSON. @throws IllegalArgumentException for what has no form there */
        public JsonNode tree() {
            return CelTrees.tree(value == null ? NullValue.NULL_VALUE : value);
        }
    }

    /** What expressions see of a request. Made once for all evaluations over it. */
    public static final class Inputs {
        private final Map<String, Object> values = new HashMap<>();

        /** @param tree null for nothing */
        public Inputs put(String name, @Nullable JsonNode tree) {
            values.put(name, tree == null ? NullValue.NULL_VALUE : CelTrees.value(tree));
            return this;
        }

        /** Lets expressions ask for permissions; the resource of the request is at hand. */
        public Inputs authorizer(
                AccessCheck check, String group, String resource, String subresource, String namespace, String name) {
            var authorizer = new CelPermissions.Authorizer(check, "");
            values.put("authorizer", authorizer);
            values.put(
                    "authorizer.requestResource",
                    CelPermissions.Resource.of(authorizer, group, resource, subresource, namespace, name));
            return this;
        }

        /** A copy, to which more can be put. */
        public Inputs copy() {
            Inputs copy = new Inputs();
            copy.values.putAll(values);
            return copy;
        }
    }

    /** @param variables what {@code variables} has, by name */
    public AdmissionEvaluation(Inputs inputs, Map<String, AdmissionProgram> variables, long budget) {
        this.values = new HashMap<>(inputs.values);
        this.values.put("variables", new Variables(variables));
        this.remaining = budget;
    }

    /** What is left of the budget. */
    public long remaining() {
        return remaining;
    }

    public Result run(AdmissionProgram program) throws OutOfBudgetException {
        if (program.program() == null) {
            return new Result(null, "compilation error: " + program.problem());
        }
        Result result = result(program);
        if (remaining < 0) {
            throw new OutOfBudgetException();
        }
        return result;
    }

    private Result result(AdmissionProgram program) {
        try {
            return new Result(evaluate(program), "");
        } catch (CelEvaluationException e) {
            return failed(program, CelReason.of(e));
        } catch (RuntimeException e) {
            return failed(program, String.valueOf(e.getMessage()));
        }
    }

    private static Result failed(AdmissionProgram program, String why) {
        return new Result(null, "expression '" + program.expression() + "' resulted in error: " + why);
    }

    private Object evaluate(AdmissionProgram program) throws CelEvaluationException {
        CelRuntime.Program runnable = program.program();
        if (runnable == null) {
            throw new IllegalStateException(program.problem());
        }
        CelMeter meter = new CelMeter();
        try {
            return runnable.trace(values, meter);
        } catch (CelEvaluationException e) {
            if (meter.exceeded()) {
                throw new IllegalStateException(CelReason.TOO_EXPENSIVE, e);
            }
            throw e;
        } finally {
            remaining -= meter.cost();
        }
    }

    /** The variables that a policy declares, each evaluated when it is first looked at. */
    private final class Variables extends AbstractMap<String, Object> {
        private final Map<String, AdmissionProgram> programs;
        private final Map<String, Object> known = new HashMap<>();

        Variables(Map<String, AdmissionProgram> programs) {
            this.programs = programs;
        }

        @Override
        public boolean containsKey(Object name) {
            return programs.containsKey(name);
        }

        @Override
        public @Nullable Object get(Object name) {
            AdmissionProgram program = programs.get(name);
            if (program == null) {
                return null;
            }
            Object found = known.get(name);
            if (found == null) {
                found = find((String) name, program);
                known.put((String) name, found);
            }
            return found;
        }

        private Object find(String name, AdmissionProgram program) {
            if (program.program() == null) {
                throw new IllegalStateException(
                        "composited variable \"" + name + "\" fails to compile: " + program.problem());
            }
            try {
                return evaluate(program);
            } catch (CelEvaluationException e) {
                throw new IllegalStateException(
                        "composited variable \"" + name + "\" fails to evaluate: " + CelReason.of(e), e);
            }
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            Map<String, Object> all = new LinkedHashMap<>();
            programs.keySet().forEach(name -> all.put(name, get(name)));
            return all.entrySet();
        }
    }
}
