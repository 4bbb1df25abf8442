package io.pilothouse.machinery.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects functions: how they are called, and what they do. For one thread. */
final class CelLibrary {
    /** What a function does with its arguments. */
    @FunctionalInterface
    interface Body {
        Object apply(Object[] args) throws CelEvaluationException;
    }

    private final Map<String, List<CelOverloadDecl>> overloads = new LinkedHashMap<>();
    private final List<CelFunctionBinding> bindings = new ArrayList<>();

    List<CelFunctionDecl> declarations() {
        List<CelFunctionDecl> out = new ArrayList<>();
        overloads.forEach((name, list) -> out.add(CelFunctionDecl.newFunctionDeclaration(name, list)));
        return out;
    }

    List<CelFunctionBinding> bindings() {
        return bindings;
    }

    /** A function that is called on its first argument. */
    void member(String name, String id, CelType result, Body body, List<CelType> types, Class<?>... classes) {
        add(name, CelOverloadDecl.newMemberOverload(id, result, types));
        bind(id, body, classes);
    }

    void global(String name, String id, CelType result, Body body, List<CelType> types, Class<?>... classes) {
        add(name, CelOverloadDecl.newGlobalOverload(id, result, types));
        bind(id, body, classes);
    }

    private void add(String name, CelOverloadDecl overload) {
        overloads.computeIfAbsent(name, n -> new ArrayList<>()).add(overload);
    }

    /** Error Prone cannot see it, but no body holds anything that changes. */
    @SuppressWarnings("Immutable")
    private void bind(String id, Body body, Class<?>... classes) {
        bindings.add(CelFunctionBinding.from(id, ImmutableList.copyOf(Arrays.asList(classes)), body::apply));
    }
}
