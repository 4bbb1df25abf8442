package io.pilothouse.apiserver.kinds.rbac;

import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** rbac.authorization.k8s.io/v1 RoleBinding. */
public final class RoleBindings {
    private static final String ROLE_TEXT =
            "RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot be"
                    + " resolved, the Authorizer must return an error.";

    private RoleBindings() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("rbac.authorization.k8s.io", "rolebindings", "rolebinding", "RoleBinding")
                .version("v1", schemas)
                .createOnUpdate()
                .names(NameRule.PATH_SEGMENT)
                .strategy(new BindingStrategy(true))
                .columns(BindingColumns.of("roleBinding", ROLE_TEXT))
                .build();
    }
}
