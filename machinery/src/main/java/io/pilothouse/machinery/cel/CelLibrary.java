package io.pilothouse.machinery.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects functions: how they are called, and what they do. For one thread. */
final class CelLibrary {
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
    void member(
            String name,
            String id,
            CelType result,
            CelFunctionOverload body,
            List<CelType> types,
            Class<?>... classes) {
        add(name, CelOverloadDecl.newMemberOverload(id, result, types));
        bind(id, body, classes);
    }

    void global(
            String name,
            String id,
            CelType result,
            CelFunctionOverload body,
            List<CelType> types,
            Class<?>... classes) {
        add(name, CelOverloadDecl.newGlobalOverload(id, result, types));
        bind(id, body, classes);
    }

    private void add(String name, CelOverloadDecl overload) {
        overloads.computeIfAbsent(name, n -> new ArrayList<>()).add(overload);
    }

    private void bind(String id, CelFunctionOverload body, Class<?>... classes) {
        bindings.add(CelFunctionBinding.from(id, ImmutableList.copyOf(Arrays.asList(classes)), body));
    }
}
