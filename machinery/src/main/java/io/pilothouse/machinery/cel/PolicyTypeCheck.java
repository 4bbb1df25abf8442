package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.AdmissionExpressions.Typed;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the expressions of an admission policy against the type of the objects and of the parameters that it is for. For one thread. */
public final class PolicyTypeCheck {
    private final AdmissionExpressions expressions;
    private final Scope scope;

    /**
     * @param kind of the objects; names their types in messages
     * @param object their schema, with nothing left to look up
     * @param params whether there are parameters
     * @param paramSchema the parameters' schema; null where it is not known, so that they may be anything
     */
    public PolicyTypeCheck(String kind, JsonNode object, boolean params, @Nullable JsonNode paramSchema) {
        CelTypes types = new CelTypes();
        CelType objectType = orAnything(types.of(object, kind, false));
        CelType paramType =
                paramSchema == null ? SimpleType.DYN : orAnything(types.of(paramSchema, kind + ".@params", false));
        this.expressions = new AdmissionExpressions(new Typed(objectType, paramType, types.structs()));
        this.scope = new Scope(params, true, false);
        expressions.compose();
    }

    private static CelType orAnything(@Nullable CelType type) {
        return type == null ? SimpleType.DYN : type;
    }

    /** A variable that the expressions after it see; one that is wrong may be anything there. */
    public void declare(String name, String expression) {
        expressions.declare(name, expression, scope);
    }

    /** What is wrong with an expression. */
    public Optional<String> problem(String expression) {
        return expressions.compile(expression, scope, Wanted.ANYTHING).failure();
    }
}
