package io.pilothouse.apiserver.kinds.rbac;

import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** rbac.authorization.k8s.io/v1 RoleBinding. */
public final class RoleBindings {
    private RoleBindings() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("rbac.authorization.k8s.io", "rolebindings", "rolebinding", "RoleBinding")
                .version("v1", schemas)
                .createOnUpdate()
                .names(NameRule.PATH_SEGMENT)
                .build();
    }
}
