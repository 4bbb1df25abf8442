package io.pilothouse.machinery.cel;

import dev.cel.common.CelValidationResult;
import java.util.regex.Pattern;

/** What is wrong with an expression, in the words of upstream's compiler where ours has others. */
final class CelProblems {
    private static final Pattern SYNTAX = Pattern.compile(
            "(ERROR: <input>:\\d+:\\d+: )(mismatched input|extraneous input|token recognition error|no viable alternative|missing )");
    private static final Pattern CANDIDATES =
            Pattern.compile("(found no matching overload for .*?) \\(candidates: .*\\)");

    private CelProblems() {}

    static String text(CelValidationResult result) {
        String told = SYNTAX.matcher(result.getErrorString()).replaceAll("$1Syntax error: $2");
        return CANDIDATES.matcher(told).replaceAll("$1");
    }
}
