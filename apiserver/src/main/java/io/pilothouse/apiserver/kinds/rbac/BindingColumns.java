package io.pilothouse.apiserver.kinds.rbac;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.table.TableWriter;
import java.util.List;
import java.util.StringJoiner;

/** The columns of RoleBinding and ClusterRoleBinding. */
final class BindingColumns {
    private BindingColumns() {}

    /** @param roleText what upstream says of roleRef */
    static List<Column> of(String kind, String roleText) {
        return List.of(
                TableWriter.name(),
                Column.text("Role", roleText, BindingColumns::role),
                TableWriter.age(),
                subjects("Users", kind, "User"),
                subjects("Groups", kind, "Group"),
                subjects("ServiceAccounts", kind, "ServiceAccount"));
    }

    private static String role(ObjectNode binding) {
        var role = binding.path("roleRef");
        return role.path("kind").asText() + "/" + role.path("name").asText();
    }

    private static Column subjects(String name, String kind, String subjectKind) {
        return Column.text(name, name + " in the " + kind, binding -> named(binding, subjectKind))
                .wide();
    }

    private static String named(ObjectNode binding, String subjectKind) {
        var names = new StringJoiner(", ");
        for (var subject : binding.path("subjects")) {
            if (subject.path("kind").asText().equals(subjectKind)) {
                String name = subject.path("name").asText();
                names.add(
                        subjectKind.equals("ServiceAccount")
                                ? subject.path("namespace").asText("") + "/" + name
                                : name);
            }
        }
        return names.toString();
    }
}
