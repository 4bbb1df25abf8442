package io.pilothouse.apiserver.kinds.rbac;

import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** rbac.authorization.k8s.io/v1 Role. */
public final class Roles {
    private Roles() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("rbac.authorization.k8s.io", "roles", "role", "Role")
                .version("v1", schemas)
                .createOnUpdate()
                .names(NameRule.PATH_SEGMENT)
                .strategy(new RoleStrategy(true))
                .build();
    }
}
