package io.pilothouse.apiserver.kinds.rbac;

import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** rbac.authorization.k8s.io/v1 ClusterRole. */
public final class ClusterRoles {
    private ClusterRoles() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("rbac.authorization.k8s.io", "clusterroles", "clusterrole", "ClusterRole")
                .version("v1", schemas)
                .clusterScoped()
                .createOnUpdate()
                .names(NameRule.PATH_SEGMENT)
                .strategy(new RoleStrategy(false))
                .build();
    }
}
