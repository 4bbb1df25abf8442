package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.pilothouse.machinery.cel.SchemaExpressions.Problem;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compiles the rules of one schema. For one thread. */
final class CelCompilation {
    /** Steps of loops that one evaluation may take: what the estimate of costs lets through stays far below. */
    private static final int MAX_ITERATIONS = 1_000_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(MAX_ITERATIONS)
            .build();

    /** What the parser says, as against the checker. */
    private final List<Problem> problems = new ArrayList<>();

    private final CelBudget budget = new CelBudget();
    private @Nullable CelRuntime runtime;

    List<Problem> problems() {
        return problems;
    }

    CelPlace compile(JsonNode schema, FieldPath path) {
        CelPlace place = place(schema, path, "Object", true, null, CelBudget.ONE);
        problems.addAll(budget.problems(path));
        return place;
    }

    /** @param uncorrelated where above a value has no like in the object before; null for nowhere */
    private CelPlace place(
            JsonNode schema,
            FieldPath path,
            String name,
            boolean root,
            @Nullable FieldPath uncorrelated,
            long cardinality) {
        boolean resource = root || schema.path("x-kubernetes-embedded-resource").asBoolean();
        List<CelRule> rules = rules(schema, path, name, resource, uncorrelated, cardinality);
        Map<String, CelPlace> properties = new TreeMap<>();
        boolean atomic = schema.path("x-kubernetes-map-type").asText("").equals("atomic");
        FieldPath below = uncorrelated == null && atomic ? path : uncorrelated;
        schema.path("properties").properties().forEach(e -> {
            CelPlace place = place(
                    e.getValue(),
                    path.child("properties").key(e.getKey()),
                    name + "." + e.getKey(),
                    false,
                    below,
                    cardinality);
            if (!place.isEmpty()) {
                properties.put(e.getKey(), place);
            }
        });
        CelPlace values = null;
        if (schema.path("additionalProperties").isObject()) {
            values = unlessEmpty(place(
                    schema.path("additionalProperties"),
                    path.child("additionalProperties"),
                    name + ".@values",
                    false,
                    below,
                    CelBudget.times(cardinality, CelSizes.properties(schema))));
        }
        CelPlace items = null;
        if (schema.path("items").isObject()) {
            boolean keyed = schema.path("x-kubernetes-list-type").asText("").equals("map");
            items = unlessEmpty(place(
                    schema.path("items"),
                    path.child("items"),
                    name + ".@items",
                    false,
                    uncorrelated == null && !keyed ? path : uncorrelated,
                    CelBudget.times(cardinality, CelSizes.items(schema))));
        }
        return new CelPlace(schema, resource, rules, properties, values, items);
    }

    private static @Nullable CelPlace unlessEmpty(CelPlace place) {
        return place.isEmpty() ? null : place;
    }

    private List<CelRule> rules(
            JsonNode schema,
            FieldPath path,
            String name,
            boolean resource,
            @Nullable FieldPath uncorrelated,
            long cardinality) {
        JsonNode sources = schema.path("x-kubernetes-validations");
        if (sources.isEmpty()) {
            return List.of();
        }
        CelTypes types = new CelTypes();
        CelType self = types.of(schema, name, resource);
        List<CelRule> out = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            FieldPath at = path.child("x-kubernetes-validations").index(i);
            CelRule rule = rule(
                    sources.get(i),
                    at,
                    compiler(types.provider(), self == null ? SimpleType.DYN : self, sources.get(i)),
                    schema,
                    uncorrelated,
                    cardinality);
            if (rule != null) {
                out.add(rule);
            }
        }
        return out;
    }

    private static CelCompiler compiler(CelTypeProvider types, CelType self, JsonNode source) {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setTypeProvider(types)
                .addVar("self", self)
                .addVar("oldSelf", source.path("optionalOldSelf").asBoolean(false) ? OptionalType.create(self) : self)
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.optional(),
                        CelExtensions.comprehensions())
                .addFunctionDeclarations(CelFunctions.declarations())
                .build();
    }

    private CelRuntime runtime() {
        CelRuntime known = runtime;
        if (known == null) {
            known = CelRuntimeFactory.legacyCelRuntimeBuilder()
                    .setOptions(OPTIONS)
                    .addLibraries(
                            CelExtensions.strings(),
                            CelExtensions.sets(OPTIONS),
                            CelExtensions.optional(),
                            CelExtensions.comprehensions())
                    .addFunctionBindings(CelFunctions.bindings())
                    .build();
            runtime = known;
        }
        return known;
    }

    private @Nullable CelRule rule(
            JsonNode source,
            FieldPath path,
            CelCompiler compiler,
            JsonNode schema,
            @Nullable FieldPath uncorrelated,
            long cardinality) {
        String text = source.path("rule").asText("").trim();
        CelAbstractSyntaxTree condition = expression(
                compiler, text, SimpleType.BOOL, "cel expression must evaluate to a bool", source, path, "rule");
        String messageText = source.path("messageExpression").asText("").trim();
        CelAbstractSyntaxTree message = messageText.isEmpty()
                ? null
                : expression(
                        compiler,
                        messageText,
                        SimpleType.STRING,
                        "messageExpression must evaluate to a string",
                        source,
                        path,
                        "messageExpression");
        if (condition == null || (message == null && !messageText.isEmpty())) {
            return null;
        }
        boolean usesOld = usesOld(condition);
        if (usesOld && uncorrelated != null) {
            problems.add(new Problem(
                    path,
                    "rule",
                    source,
                    "oldSelf cannot be used on the uncorrelatable portion of the schema within " + uncorrelated,
                    false));
        } else if (!usesOld && source.hasNonNull("optionalOldSelf")) {
            problems.add(new Problem(
                    path, "optionalOldSelf", source, "may not be set if oldSelf is not used in rule", false));
        }
        budget.add(path, "rule", source, "estimated rule cost", CelCost.of(condition, schema), cardinality);
        if (message != null) {
            budget.add(
                    path,
                    "messageExpression",
                    source,
                    "estimated messageExpression cost",
                    CelCost.of(message, schema),
                    cardinality);
        }
        try {
            return new CelRule(
                    text,
                    runtime().createProgram(condition),
                    message == null ? null : runtime().createProgram(message),
                    source,
                    steps(source.path("fieldPath").asText("")),
                    usesOld,
                    source.path("optionalOldSelf").asBoolean(false));
        } catch (CelEvaluationException e) {
            problems.add(new Problem(path, "rule", source, "program instantiation failed: " + e.getMessage(), false));
            return null;
        }
    }

    private @Nullable CelAbstractSyntaxTree expression(
            CelCompiler compiler,
            String text,
            CelType wanted,
            String otherwise,
            JsonNode source,
            FieldPath path,
            String field) {
        CelValidationResult result = compiler.compile(text);
        String prefix = field.equals("rule") ? "compilation failed: " : "messageExpression compilation failed: ";
        try {
            CelAbstractSyntaxTree tree = result.getAst();
            if (tree.getResultType().equals(wanted) || tree.getResultType().equals(SimpleType.DYN)) {
                return tree;
            }
            problems.add(new Problem(path, field, source, otherwise, false));
        } catch (CelValidationException e) {
            problems.add(new Problem(path, field, source, prefix + CelProblems.text(result), false));
        }
        return null;
    }

    private static boolean usesOld(CelAbstractSyntaxTree tree) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .anyMatch(node -> node.getKind() == CelExpr.ExprKind.Kind.IDENT
                        && node.expr().ident().name().equals("oldSelf"));
    }

    /** The fields of a path such as {@code .a['b-c']}. */
    static List<String> steps(String path) {
        List<String> out = new ArrayList<>();
        int i = 0;
        while (i < path.length()) {
            int end;
            if (path.startsWith("['", i)) {
                end = path.indexOf("']", i);
                if (end < 0) {
                    return out;
                }
                out.add(path.substring(i + 2, end));
                i = end + 2;
            } else {
                end = i + 1;
                while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
                    end++;
                }
                out.add(path.substring(i + 1, end));
                i = end;
            }
        }
        return out;
    }
}
