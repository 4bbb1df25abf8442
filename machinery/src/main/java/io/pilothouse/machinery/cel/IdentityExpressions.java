package io.pilothouse.machinery.cel;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import io.pilothouse.machinery.cel.AdmissionExpressions.Compiled;
import java.util.Optional;

/** Compiles the expressions by which tokens' claims become users: over {@code claims}, or over the {@code user} that they became. */
public final class IdentityExpressions {
    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

    private final CelCompiler overClaims = compiler("claims", MapType.create(SimpleType.STRING, SimpleType.DYN));
    private final CelCompiler overUser = compiler("user", user(), user());

    /** An expression over claims, of any type. */
    public Compiled claim(String expression) {
        return compile(overClaims, expression, false);
    }

    /** A condition on claims. */
    public Compiled claimCondition(String expression) {
        return compile(overClaims, expression, true);
    }

    /** A condition on the user. */
    public Compiled userCondition(String expression) {
        return compile(overUser, expression, true);
    }

    /** Whether an expression looks at that claim by its name. */
    public static boolean selects(Compiled compiled, String claim) {
        CelAbstractSyntaxTree tree = compiled.tree();
        return tree != null
                && CelNavigableAst.fromAst(tree)
                        .getRoot()
                        .allNodes()
                        .filter(node -> node.getKind() == CelExpr.ExprKind.Kind.SELECT)
                        .map(node -> node.expr().select())
                        .anyMatch(select -> select.field().equals(claim)
                                && select.operand().identOrDefault().name().equals("claims"));
    }

    private static Compiled compile(CelCompiler compiler, String expression, boolean condition) {
        Compiled compiled = compile(compiler, expression);
        CelAbstractSyntaxTree tree = compiled.tree();
        return condition && tree != null && !tree.getResultType().equals(SimpleType.BOOL)
                ? new Compiled(null, "must evaluate to bool")
                : compiled;
    }

    static Compiled compile(CelCompiler compiler, String expression) {
        CelValidationResult result = compiler.compile(expression);
        try {
            return new Compiled(result.getAst(), null);
        } catch (CelValidationException e) {
            return new Compiled(null, "compilation failed: " + CelProblems.text(result));
        }
    }

    private static StructType user() {
        CelType texts = ListType.create(SimpleType.STRING);
        ImmutableMap<String, CelType> fields = ImmutableMap.of(
                "username",
                SimpleType.STRING,
                "uid",
                SimpleType.STRING,
                "groups",
                texts,
                "extra",
                MapType.create(SimpleType.STRING, texts));
        return StructType.create(
                "kubernetes.UserInfo",
                ImmutableSet.copyOf(fields.keySet()),
                name -> Optional.ofNullable(fields.get(name)));
    }

    /** Of expressions that see one variable, with the base library. */
    static CelCompiler compiler(String name, CelType type, StructType... structs) {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar(name, type)
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.optional(),
                        CelExtensions.comprehensions())
                .addFunctionDeclarations(CelFunctions.declarations());
        AdmissionTypes types = new AdmissionTypes(false, ImmutableSet.of());
        for (StructType struct : structs) {
            types.add(struct);
        }
        return builder.setTypeProvider(types.provider()).build();
    }
}
