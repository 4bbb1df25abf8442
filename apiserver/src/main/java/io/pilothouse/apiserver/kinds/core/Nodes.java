package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.List;

/** core/v1 Node. */
public final class Nodes {
    private static final List<String> PROXY_VERBS = List.of("create", "delete", "get", "patch", "update");

    private Nodes() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "nodes", "node", "Node")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("no")
                .storedUnder("minions")
                .status()
                .selectable(
                        "spec.unschedulable",
                        o -> Boolean.toString(
                                o.path("spec").path("unschedulable").asBoolean()))
                .subresource(new Subresource.Connection(
                        "proxy", new GroupVersionKind("", "v1", "NodeProxyOptions"), PROXY_VERBS))
                .strategy(new Rules())
                .columns(NodeColumns.all())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var status = object.path("status");
            if (status.hasNonNull("capacity") && status.path("allocatable").isEmpty()) {
                ((ObjectNode) status).set("allocatable", status.get("capacity").deepCopy());
            }
        }
    }
}
