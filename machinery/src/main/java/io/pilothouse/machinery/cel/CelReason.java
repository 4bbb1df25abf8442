package io.pilothouse.machinery.cel;

import dev.cel.runtime.CelEvaluationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why an evaluation failed, in the words of upstream's evaluator. */
final class CelReason {
    static final String TOO_EXPENSIVE = "operation cancelled: actual cost limit exceeded";

    private static final Pattern MISSING =
            Pattern.compile("key '(.*)' is not present in map|Error resolving field '(.*)'\\.");
    private static final Pattern PREFIX =
            Pattern.compile("evaluation error(?: at <input>:\\d+)?: (.*)", Pattern.DOTALL);

    private CelReason() {}

    static String of(CelEvaluationException e) {
        Matcher prefix = PREFIX.matcher(String.valueOf(e.getMessage()));
        String reason = prefix.matches() ? prefix.group(1) : String.valueOf(e.getMessage());
        return switch (e.getErrorCode()) {
            case ATTRIBUTE_NOT_FOUND -> {
                Matcher missing = MISSING.matcher(reason);
                if (!missing.find()) {
                    yield "no such key: " + reason;
                }
                yield "no such key: " + (missing.group(1) == null ? missing.group(2) : missing.group(1));
            }
            case INDEX_OUT_OF_BOUNDS -> reason.replace("Index out of bounds", "index out of bounds");
            case DIVIDE_BY_ZERO -> "division by zero";
            case ITERATION_BUDGET_EXCEEDED -> TOO_EXPENSIVE;
            default -> reason.startsWith("Function '") ? ofFunction(e, reason) : reason;
        };
    }

    /** What a function of ours says, which stands further down. */
    private static String ofFunction(CelEvaluationException e, String otherwise) {
        Throwable cause = e.getCause();
        while (cause != null
                && (cause.getMessage() == null || cause.getMessage().startsWith("Function '"))) {
            cause = cause.getCause();
        }
        return cause == null ? otherwise : String.valueOf(cause.getMessage());
    }
}
