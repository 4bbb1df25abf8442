package io.pilothouse.machinery.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.extensions.CelExtensions;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.pilothouse.machinery.cel.AdmissionExpressions.Compiled;
import org.jspecify.annotations.Nullable;

/** An expression of admission, ready to run, or what is wrong with it. Immutable; safe for many threads. */
public final class AdmissionProgram {
    private final String expression;
    private final CelRuntime.@Nullable Program program;
    private final String problem;
    private final String misnamed;

    private AdmissionProgram(String expression, CelRuntime.@Nullable Program program, String problem, String misnamed) {
        this.expression = expression;
        this.program = program;
        this.problem = problem;
        this.misnamed = misnamed;
    }

    public String expression() {
        return expression;
    }

    /** What compiling came to; empty where nothing is wrong. */
    public String problem() {
        return problem;
    }

    /** What is wrong with the names of the objects that it makes; empty where nothing is. */
    public String misnamed() {
        return misnamed;
    }

    CelRuntime.@Nullable Program program() {
        return program;
    }

    /** Makes programs of compiled expressions. One is enough for all. Safe for use by many threads. */
    public static final class Factory {
        private static final int MAX_ITERATIONS = 1_000_000;

        /** Made for the first program: many servers never have one. */
        private @Nullable CelRuntime runtime;

        private synchronized CelRuntime runtime() {
            if (runtime == null) {
                runtime = make();
            }
            return runtime;
        }

        private static CelRuntime make() {
            CelOptions options = CelOptions.current()
                    .enableHeterogeneousNumericComparisons(true)
                    .comprehensionMaxIterations(MAX_ITERATIONS)
                    .build();
            return CelRuntimeFactory.legacyCelRuntimeBuilder()
                    .setOptions(options)
                    .addLibraries(
                            CelExtensions.strings(),
                            CelExtensions.sets(options),
                            CelExtensions.optional(),
                            CelExtensions.comprehensions())
                    .addFunctionBindings(CelFunctions.bindings())
                    .addFunctionBindings(CelPermissions.bindings())
                    .build();
        }

        public AdmissionProgram program(String expression, Compiled compiled) {
            CelAbstractSyntaxTree tree = compiled.tree();
            if (tree == null) {
                return new AdmissionProgram(expression, null, compiled.failure().orElse("unknown"), "");
            }
            try {
                return new AdmissionProgram(
                        expression,
                        runtime().createProgram(CelStructs.asMaps(tree)),
                        "",
                        CelStructs.misnamed(tree).orElse(""));
            } catch (CelEvaluationException e) {
                return new AdmissionProgram(expression, null, "program instantiation failed: " + e.getMessage(), "");
            }
        }
    }
}
