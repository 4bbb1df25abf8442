package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;

/** DescribeUpdate. */
record DescribeUpdate(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /clusters/{name}/updates/{updateId}";
    }

    @Override
    public JsonNode handle(EksCall call) {
        String name = call.path("name");
        context.store().cluster(name);
        String nodegroup = call.query("nodegroupName").orElse("");
        return Views.of(
                "update",
                context.store()
                        .updates()
                        .find(EksStore.key(name, call.path("updateId")))
                        .filter(u -> u.nodegroup().equals(nodegroup))
                        .map(Views::update)
                        .orElseThrow(() -> EksException.notFound("No update found for ID: " + call.path("updateId"))
                                .about("clusterName", name)));
    }
}
