package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.kinds.Trees;

/** resource.k8s.io/v1 ResourceClaimTemplate. */
public final class ResourceClaimTemplates {
    private ResourceClaimTemplates() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "resource.k8s.io", "resourceclaimtemplates", "resourceclaimtemplate", "ResourceClaimTemplate")
                .version("v1", schemas)
                .returnsDeletedObject()
                .strategy(new Rules())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.with(object, "spec", template -> Trees.with(template, "spec", ClaimDefaults::fill));
        }
    }
}
