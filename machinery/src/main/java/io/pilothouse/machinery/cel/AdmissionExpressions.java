package io.pilothouse.machinery.cel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypes;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the expressions of admission policies and of webhooks' match conditions: what upstream's admission compiler does, with the
 * variables that its expressions see. One for each policy, because variables that a policy declares are seen by what follows them. For
 * one thread.
 */
public final class AdmissionExpressions {
    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    private static final Pattern WORD = Pattern.compile("\\w+");
    private static final String VARIABLES = "kubernetes.variables";

    private final Map<Scope, CelCompiler> compilers = new HashMap<>();
    private final Map<String, CelType> variables = new LinkedHashMap<>();
    private final @Nullable Typed typed;
    private boolean composed;

    /** The types of what expressions see, where these are to be checked against them: the object's and the parameters'. */
    record Typed(CelType object, CelType params, Collection<StructType> structs) {}

    public AdmissionExpressions() {
        this.typed = null;
    }

    /** For checks alone: what is compiled is of no use to objects of other types. */
    AdmissionExpressions(Typed typed) {
        this.typed = typed;
    }

    /**
     * What an expression sees besides the object, the old one, the namespace and the request.
     *
     * @param params whether there are parameters
     * @param authorizer whether it may ask for permissions
     * @param patches whether it may make patches: types {@code Object} and {@code JSONPatch}
     */
    public record Scope(boolean params, boolean authorizer, boolean patches) {}

    /** What an expression must come to. */
    public enum Wanted {
        BOOL("bool"),
        STRING("string"),
        STRING_OR_NULL("string", "null_type"),
        OBJECT("Object"),
        PATCHES("list(JSONPatch)"),
        ANYTHING();

        private final ImmutableList<String> types;

        Wanted(String... types) {
            this.types = ImmutableList.copyOf(types);
        }

        /** What is wrong with a result of a type, or null. */
        @Nullable
        String problem(String type) {
            if (types.isEmpty() || types.contains(type)) {
                return null;
            }
            return types.size() == 1
                    ? "must evaluate to " + types.getFirst() + " but got " + type
                    : "must evaluate to one of [" + String.join(" ", types) + "] but got " + type;
        }
    }

    /**
     * What came of an expression: a checked tree, or what is wrong, in upstream's words.
     *
     * @param tree null where something is wrong
     * @param problem null where nothing is
     */
    public record Compiled(
            @Nullable CelAbstractSyntaxTree tree, @Nullable String problem) {
        public Optional<String> failure() {
            return Optional.ofNullable(problem);
        }
    }

    /** Expressions from now on see {@code variables}, also where none has been declared yet. */
    public void compose() {
        composed = true;
        compilers.clear();
    }

    public Compiled compile(String expression, Scope scope, Wanted wanted) {
        CelCompiler compiler = scope.patches()
                ? compiler(scope, words(expression))
                : compilers.computeIfAbsent(scope, s -> compiler(s, ImmutableSet.of()));
        CelValidationResult result = compiler.compile(expression);
        try {
            CelAbstractSyntaxTree tree = result.getAst();
            String problem = wanted.problem(CelTypes.format(tree.getResultType()));
            return problem == null ? new Compiled(tree, null) : new Compiled(null, problem);
        } catch (CelValidationException e) {
            return new Compiled(null, (typed == null ? "compilation failed: " : "") + CelProblems.text(result));
        }
    }

    /** Compiles a variable, which what is compiled after it sees as {@code variables.NAME}; one that is wrong is of any type there. */
    public Compiled declare(String name, String expression, Scope scope) {
        Compiled compiled = compile(expression, scope, Wanted.ANYTHING);
        variables.put(
                name, compiled.tree() == null ? SimpleType.DYN : compiled.tree().getResultType());
        compose();
        return compiled;
    }

    /** All that can be a field's name: types whose fields are not known have the ones that are spoken of. */
    private static ImmutableSet<String> words(String expression) {
        return WORD.matcher(expression).results().map(MatchResult::group).collect(ImmutableSet.toImmutableSet());
    }

    private CelCompiler compiler(Scope scope, ImmutableSet<String> names) {
        AdmissionTypes types = new AdmissionTypes(scope.patches(), names);
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar("object", typed == null ? SimpleType.DYN : typed.object())
                .addVar("oldObject", typed == null ? SimpleType.DYN : typed.object())
                .addVar("namespaceObject", types.namespace())
                .addVar("request", types.request())
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.optional(),
                        CelExtensions.comprehensions())
                .addFunctionDeclarations(CelFunctions.declarations())
                .addFunctionDeclarations(CelAuthorization.declarations());
        if (typed != null) {
            typed.structs().forEach(types::add);
        }
        if (scope.params()) {
            builder.addVar("params", typed == null ? SimpleType.DYN : typed.params());
        }
        if (scope.authorizer()) {
            builder.addVar("authorizer", CelAuthorization.AUTHORIZER);
            // Upstream's check of types knows no such variable.
            if (typed == null) {
                builder.addVar("authorizer.requestResource", CelAuthorization.RESOURCE_CHECK);
            }
        }
        if (scope.patches()) {
            builder.addFunctionDeclarations(CelAuthorization.escapeKey());
        }
        if (composed) {
            ImmutableMap<String, CelType> fields = ImmutableMap.copyOf(variables);
            StructType all = StructType.create(
                    VARIABLES, ImmutableSet.copyOf(fields.keySet()), name -> Optional.ofNullable(fields.get(name)));
            types.add(all);
            builder.addVar("variables", all);
        }
        return builder.setTypeProvider(types.provider()).build();
    }
}
