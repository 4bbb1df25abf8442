package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;

/** ListClusters. */
record ListClusters(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /clusters";
    }

    @Override
    public JsonNode handle(EksCall call) {
        return Views.page(
                "clusters", call.page(context.store().clusters().list(), ClusterRecord::name), ClusterRecord::name);
    }
}
