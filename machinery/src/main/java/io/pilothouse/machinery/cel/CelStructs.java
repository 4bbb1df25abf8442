package io.pilothouse.machinery.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelMutableAst;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelMutableExpr;
import dev.cel.common.ast.CelMutableExpr.CelMutableMap;
import dev.cel.common.ast.CelMutableExprConverter;
import dev.cel.common.navigation.CelNavigableMutableAst;
import dev.cel.common.navigation.CelNavigableMutableExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes maps of the objects that a checked expression builds ({@code Object.spec{…}}, {@code JSONPatch{…}}), as they are JSON in the end. */
final class CelStructs {
    private CelStructs() {}

    static CelAbstractSyntaxTree asMaps(CelAbstractSyntaxTree tree) {
        CelMutableAst mutable = CelMutableAst.fromCelAst(tree);
        List<CelNavigableMutableExpr> structs = structs(mutable);
        if (structs.isEmpty()) {
            return tree;
        }
        long next = 1
                + CelNavigableMutableAst.fromAst(mutable)
                        .getRoot()
                        .allNodes()
                        .mapToLong(n -> n.expr().id())
                        .max()
                        .orElse(0);
        for (CelNavigableMutableExpr node : structs) {
            List<CelMutableMap.Entry> entries = new ArrayList<>();
            for (CelMutableExpr.CelMutableStruct.Entry entry :
                    node.expr().struct().entries()) {
                CelMutableExpr key = CelMutableExpr.ofConstant(next++, CelConstant.ofValue(entry.fieldKey()));
                entries.add(CelMutableMap.Entry.create(entry.id(), key, entry.value(), entry.optionalEntry()));
            }
            node.expr().setMap(CelMutableMap.create(entries));
        }
        return CelAbstractSyntaxTree.newCheckedAst(
                CelMutableExprConverter.fromMutableExpr(mutable.expr()),
                tree.getSource(),
                tree.getReferenceMap(),
                tree.getTypeMap());
    }

    private static List<CelNavigableMutableExpr> structs(CelMutableAst tree) {
        return CelNavigableMutableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .filter(n -> n.getKind() == CelExpr.ExprKind.Kind.STRUCT)
                .toList();
    }

    /** What is wrong with the names of nested objects: each must be named for the path at which it stands. */
    static Optional<String> misnamed(CelAbstractSyntaxTree tree) {
        List<String> problems = new ArrayList<>();
        for (CelNavigableMutableExpr node : structs(CelMutableAst.fromCelAst(tree))) {
            String name = node.expr().struct().messageName();
            String expected = expected(node);
            if (name.startsWith("Object") && !name.equals(expected)) {
                problems.add("unexpected type name \"" + name + "\", expected \"" + expected
                        + "\", which matches field name path from root Object type");
            }
        }
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", problems));
    }

    private static String expected(CelNavigableMutableExpr node) {
        String own = node.expr().struct().messageName();
        CelNavigableMutableExpr child = node;
        Optional<CelNavigableMutableExpr> parent = node.parent();
        while (parent.isPresent()) {
            CelNavigableMutableExpr at = parent.get();
            if (at.getKind() == CelExpr.ExprKind.Kind.STRUCT) {
                long id = child.expr().id();
                String struct = at.expr().struct().messageName();
                if (!struct.startsWith("Object")) {
                    return own;
                }
                return at.expr().struct().entries().stream()
                        .filter(e -> e.value().id() == id)
                        .map(e -> struct + "." + e.fieldKey())
                        .findFirst()
                        .orElse(struct);
            }
            child = at;
            parent = at.parent();
        }
        return own;
    }
}
