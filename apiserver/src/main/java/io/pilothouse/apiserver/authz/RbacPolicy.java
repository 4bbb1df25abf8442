package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The roles and bindings that hold now. */
public interface RbacPolicy {
    List<Binding> clusterBindings();

    List<Binding> bindings(String namespace);

    /** A role's rules; empty if there is no such role. */
    Optional<List<PolicyRule>> rules(RoleRef role, String namespace);

    /** Which role a binding gives. */
    record RoleRef(String kind, String name) {}

    /** Whom a binding names. */
    record Subject(String kind, String name, String namespace) {
        boolean matches(UserInfo user, String bindingNamespace) {
            return switch (kind) {
                case "User" -> user.name().equals(name);
                case "Group" -> user.in(name);
                case "ServiceAccount" ->
                    user.name().equals("system:serviceaccount:" + home(bindingNamespace) + ":" + name);
                default -> false;
            };
        }

        private String home(String bindingNamespace) {
            return namespace.isEmpty() ? bindingNamespace : namespace;
        }

        String describe(String bindingNamespace) {
            return kind.equals("ServiceAccount")
                    ? "ServiceAccount \"" + name + "/" + home(bindingNamespace) + "\""
                    : kind + " \"" + name + "\"";
        }
    }

    /** A binding; its namespace is empty for one of the whole cluster. */
    record Binding(String namespace, String name, RoleRef role, List<Subject> subjects) {
        public static Binding of(ObjectNode object) {
            var subjects = new ArrayList<Subject>();
            object.path("subjects")
                    .forEach(s -> subjects.add(new Subject(
                            s.path("kind").asText(),
                            s.path("name").asText(),
                            s.path("namespace").asText(""))));
            var role = object.path("roleRef");
            return new Binding(
                    ObjectMeta.namespace(object),
                    ObjectMeta.name(object),
                    new RoleRef(role.path("kind").asText(), role.path("name").asText()),
                    List.copyOf(subjects));
        }

        String describe() {
            return namespace.isEmpty()
                    ? "ClusterRoleBinding \"" + name + "\""
                    : "RoleBinding \"" + name + "/" + namespace + "\"";
        }
    }
}
