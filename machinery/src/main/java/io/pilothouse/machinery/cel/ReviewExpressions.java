package io.pilothouse.machinery.cel;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypes;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import io.pilothouse.machinery.cel.AdmissionExpressions.Compiled;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import java.util.Optional;

/** Compiles the conditions on which an authorization webhook is asked: over {@code request}, the spec of a SubjectAccessReview. */
public final class ReviewExpressions {
    private static final CelType TEXTS = ListType.create(SimpleType.STRING);

    private final CelCompiler compiler = compiler();

    public Compiled condition(String expression) {
        Compiled compiled = IdentityExpressions.compile(compiler, expression);
        CelAbstractSyntaxTree tree = compiled.tree();
        if (tree == null) {
            return compiled;
        }
        String problem = Wanted.BOOL.problem(CelTypes.format(tree.getResultType()));
        return problem == null ? compiled : new Compiled(null, problem);
    }

    private static CelCompiler compiler() {
        StructType requirement =
                struct("SelectorRequirement", texts("key", "operator").put("values", TEXTS));
        StructType byFields = selector("FieldSelectorAttributes", requirement);
        StructType byLabels = selector("LabelSelectorAttributes", requirement);
        StructType resource = struct(
                "ResourceAttributes",
                texts("namespace", "verb", "group", "version", "resource", "subresource", "name")
                        .put("fieldSelector", byFields)
                        .put("labelSelector", byLabels));
        StructType path = struct("NonResourceAttributes", texts("path", "verb"));
        StructType spec = struct(
                "SubjectAccessReviewSpec",
                texts("user", "uid")
                        .put("resourceAttributes", resource)
                        .put("nonResourceAttributes", path)
                        .put("groups", TEXTS)
                        .put("extra", MapType.create(SimpleType.STRING, TEXTS)));
        return IdentityExpressions.compiler("request", spec, spec, resource, path, byFields, byLabels, requirement);
    }

    private static StructType selector(String name, StructType requirement) {
        return struct(name, texts("rawSelector").put("requirements", ListType.create(requirement)));
    }

    private static ImmutableMap.Builder<String, CelType> texts(String... names) {
        ImmutableMap.Builder<String, CelType> out = ImmutableMap.builder();
        for (String name : names) {
            out.put(name, SimpleType.STRING);
        }
        return out;
    }

    private static StructType struct(String name, ImmutableMap.Builder<String, CelType> builder) {
        ImmutableMap<String, CelType> fields = builder.buildOrThrow();
        return StructType.create(
                "kubernetes." + name,
                ImmutableSet.copyOf(fields.keySet()),
                field -> Optional.ofNullable(fields.get(field)));
    }
}
