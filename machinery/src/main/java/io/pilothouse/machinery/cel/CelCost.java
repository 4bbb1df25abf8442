package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Estimates what an expression costs at the most, in the units of upstream's estimator: a step each for what takes a moment, a tenth of a
 * step for a character, and loops as often as the schema lets them run. For one estimate.
 */
final class CelCost {
    private static final double PER_CHARACTER = 0.1;
    private static final double PER_PATTERN_CHARACTER = 0.25;
    private static final int NEW_LIST = 10;
    private static final int NEW_MAP = 30;
    private static final int NEW_STRUCT = 40;

    private final Map<String, Value> variables = new HashMap<>();
    private long cost;

    /**
     * What is known of a value.
     *
     * @param schema missing where it is not the object's own
     * @param size characters, elements or members at the most
     */
    private record Value(JsonNode schema, long size) {
        static final Value SCALAR = new Value(MissingNode.getInstance(), 1);

        static Value of(JsonNode schema) {
            return switch (schema.path("type").asText("")) {
                case "string" -> new Value(schema, CelSizes.text(schema));
                case "array" -> new Value(schema, CelSizes.items(schema));
                case "object" ->
                    new Value(schema, schema.has("additionalProperties") ? CelSizes.properties(schema) : 1);
                case "boolean", "integer", "number" -> new Value(schema, 1);
                default -> new Value(schema, CelSizes.REQUEST);
            };
        }

        static Value sized(long size) {
            return new Value(MissingNode.getInstance(), size);
        }
    }

    private CelCost() {}

    static long of(CelAbstractSyntaxTree tree, JsonNode self) {
        CelCost estimate = new CelCost();
        estimate.variables.put("self", Value.of(self));
        estimate.variables.put("oldSelf", Value.of(self));
        estimate.visit(tree.getExpr());
        return estimate.cost;
    }

    private void spend(long amount) {
        cost = CelBudget.plus(cost, amount);
    }

    private static long characters(double count) {
        return count >= Long.MAX_VALUE ? Long.MAX_VALUE : (long) Math.ceil(count);
    }

    private Value visit(CelExpr expr) {
        return switch (expr.exprKind().getKind()) {
            case CONSTANT -> constant(expr.constant());
            case IDENT -> {
                spend(1);
                yield variables.getOrDefault(expr.ident().name(), Value.SCALAR);
            }
            case SELECT -> {
                Value operand = visit(expr.select().operand());
                spend(1);
                yield expr.select().testOnly()
                        ? Value.SCALAR
                        : member(operand.schema(), expr.select().field());
            }
            case CALL -> call(expr.call());
            case LIST -> {
                spend(NEW_LIST);
                expr.list().elements().forEach(this::visit);
                yield Value.sized(expr.list().elements().size());
            }
            case MAP -> {
                spend(NEW_MAP);
                expr.map().entries().forEach(e -> {
                    visit(e.key());
                    visit(e.value());
                });
                yield Value.sized(expr.map().entries().size());
            }
            case STRUCT -> {
                spend(NEW_STRUCT);
                yield Value.SCALAR;
            }
            case COMPREHENSION -> comprehension(expr.comprehension());
            case NOT_SET -> Value.SCALAR;
        };
    }

    private static Value constant(CelConstant constant) {
        return switch (constant.getKind()) {
            case STRING_VALUE -> Value.sized(constant.stringValue().length());
            case BYTES_VALUE -> Value.sized(constant.bytesValue().size());
            default -> Value.SCALAR;
        };
    }

    private static Value member(JsonNode schema, String field) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (CelNames.escape(property.getKey()).equals(field)) {
                return Value.of(property.getValue());
            }
        }
        JsonNode additional = schema.path("additionalProperties");
        return additional.isObject()
                ? Value.of(additional)
                : schema.isMissingNode() ? Value.SCALAR : Value.sized(CelSizes.REQUEST);
    }

    private Value call(CelExpr.CelCall call) {
        List<Value> values = new ArrayList<>();
        call.target().ifPresent(target -> values.add(visit(target)));
        call.args().forEach(argument -> values.add(visit(argument)));
        Value first = values.isEmpty() ? Value.SCALAR : values.getFirst();
        Value second = values.size() < 2 ? Value.SCALAR : values.get(1);
        switch (call.function()) {
            case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_" -> {
                spend(characters(Math.min(first.size(), second.size()) * PER_CHARACTER));
                return Value.SCALAR;
            }
            case "_[_]", "_[?_]" -> {
                spend(1);
                JsonNode items = first.schema().path("items");
                return items.isObject() ? Value.of(items) : member(first.schema(), "");
            }
            case "@in", "_in_" -> spend(second.size());
            case "contains" ->
                spend(characters(first.size() * PER_CHARACTER * Math.max(1, second.size() * PER_CHARACTER)));
            case "startsWith", "endsWith" -> spend(characters(second.size() * PER_CHARACTER));
            case "matches", "find", "findAll" ->
                spend(characters(
                        (first.size() + 1) * PER_CHARACTER * Math.max(1, second.size() * PER_PATTERN_CHARACTER)));
            case "_+_" -> {
                spend(characters((first.size() + (double) second.size()) * PER_CHARACTER));
                return Value.sized(CelBudget.plus(first.size(), second.size()));
            }
            case "isSorted",
                    "sum",
                    "min",
                    "max",
                    "indexOf",
                    "lastIndexOf",
                    "sets.contains",
                    "sets.equivalent",
                    "sets.intersects" -> spend(CelBudget.times(first.size(), Math.max(1, second.size())));
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
                    "url" -> {
                spend(characters(first.size() * PER_CHARACTER));
                return Value.sized(first.size());
            }
            default -> spend(1);
        }
        return Value.SCALAR;
    }

    private Value comprehension(CelExpr.CelComprehension loop) {
        Value range = visit(loop.iterRange());
        JsonNode items = range.schema().path("items");
        JsonNode members = range.schema().path("additionalProperties");
        Value element =
                items.isObject() ? Value.of(items) : Value.sized(members.isMissingNode() ? 1 : CelSizes.REQUEST);
        variables.put(loop.iterVar(), loop.iterVar2().isEmpty() ? element : Value.SCALAR);
        if (!loop.iterVar2().isEmpty()) {
            variables.put(loop.iterVar2(), members.isObject() ? Value.of(members) : element);
        }
        variables.put(loop.accuVar(), visit(loop.accuInit()));
        long before = cost;
        cost = 0;
        visit(loop.loopCondition());
        visit(loop.loopStep());
        long step = cost;
        cost = CelBudget.plus(before, CelBudget.times(range.size(), step));
        visit(loop.result());
        boolean list = loop.accuInit().exprKind().getKind() == CelExpr.ExprKind.Kind.LIST;
        return list
                ? new Value(
                        loop.result().exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT
                                ? range.schema()
                                : MissingNode.getInstance(),
                        range.size())
                : Value.SCALAR;
    }
}
