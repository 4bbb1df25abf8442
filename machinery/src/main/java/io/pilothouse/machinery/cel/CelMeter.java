package io.pilothouse.machinery.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationListener;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what an evaluation costs, in the units of upstream's tracker: a step for each field and call, more for what is long. Ends the
 * evaluation where it costs too much. For one evaluation.
 */
final class CelMeter implements CelEvaluationListener {
    private static final long CALL_LIMIT = 1_000_000;
    private static final double PER_CHARACTER = 0.1;
    private static final double PER_PATTERN_CHARACTER = 0.25;
    private static final int NEW_LIST = 10;
    private static final int NEW_MAP = 30;
    private static final int PERMISSION_CHECK = 350_000;

    private final Map<Long, Object> results = new HashMap<>();
    private long cost;
    private boolean exceeded;

    /** Thrown out of an evaluation that costs too much. */
    private static final class Exceeded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exceeded() {
            super(CelReason.TOO_EXPENSIVE, null, false, false);
        }
    }

    long cost() {
        return cost;
    }

    boolean exceeded() {
        return exceeded;
    }

    @Override
    public void callback(CelExpr expr, Object result) {
        results.put(expr.id(), result);
        cost += switch (expr.exprKind().getKind()) {
            case IDENT, SELECT -> 1;
            case CALL -> call(expr.call());
            case LIST -> NEW_LIST;
            case MAP, STRUCT -> NEW_MAP;
            default -> 0;
        };
        if (cost > CALL_LIMIT) {
            exceeded = true;
            throw new Exceeded();
        }
    }

    private long size(CelExpr expr) {
        return switch (results.get(expr.id())) {
            case String text -> text.length();
            case Collection<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case CelByteString bytes -> bytes.size();
            case null, default -> 1;
        };
    }

    private long call(CelExpr.CelCall call) {
        long first = call.target().isPresent()
                ? size(call.target().get())
                : call.args().isEmpty() ? 1 : size(call.args().getFirst());
        int at = call.target().isPresent() ? 0 : 1;
        long second = call.args().size() > at ? size(call.args().get(at)) : 1;
        return switch (call.function()) {
            case "_&&_", "_||_", "_?_:_", "@not_strictly_false" -> 0;
            case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_" ->
                Math.max(1, (long) Math.ceil(Math.min(first, second) * PER_CHARACTER));
            case "@in" -> Math.max(1, second);
            case "contains" -> 1 + (long) Math.ceil(first * PER_CHARACTER * Math.max(1, second * PER_CHARACTER));
            case "startsWith", "endsWith" -> 1 + (long) Math.ceil(second * PER_CHARACTER);
            case "matches", "find", "findAll" ->
                1 + (long) Math.ceil((first + 1) * PER_CHARACTER * Math.max(1, second * PER_PATTERN_CHARACTER));
            case "_+_" -> 1 + (long) Math.ceil((first + second) * PER_CHARACTER);
            case "isSorted",
                    "sum",
                    "min",
                    "max",
                    "indexOf",
                    "lastIndexOf",
                    "sets.contains",
                    "sets.equivalent",
                    "sets.intersects" -> first * Math.max(1, second);
            case "lowerAscii",
                    "upperAscii",
                    "replace",
                    "split",
                    "substring",
                    "trim",
                    "join",
                    "format",
                    "reverse",
                    "quantity",
                    "url",
                    "ip",
                    "cidr",
                    "semver",
                    "validate" -> 1 + (long) Math.ceil(first * PER_CHARACTER);
            case "check" -> PERMISSION_CHECK;
            default -> 1;
        };
    }
}
