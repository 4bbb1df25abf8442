package io.pilothouse.apiserver.kinds.rbac;

import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** rbac.authorization.k8s.io/v1 ClusterRoleBinding. */
public final class ClusterRoleBindings {
    private static final String ROLE_TEXT =
            "RoleRef can only reference a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must"
                    + " return an error.";

    private ClusterRoleBindings() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "rbac.authorization.k8s.io", "clusterrolebindings", "clusterrolebinding", "ClusterRoleBinding")
                .version("v1", schemas)
                .clusterScoped()
                .createOnUpdate()
                .names(NameRule.PATH_SEGMENT)
                .strategy(new BindingStrategy(false))
                .columns(BindingColumns.of("clusterRoleBinding", ROLE_TEXT))
                .build();
    }
}
