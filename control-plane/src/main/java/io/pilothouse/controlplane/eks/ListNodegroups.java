package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;

/** ListNodegroups. */
record ListNodegroups(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /clusters/{name}/node-groups";
    }

    @Override
    public JsonNode handle(EksCall call) {
        context.store().cluster(call.path("name"));
        return Views.page(
                "nodegroups",
                call.page(context.store().nodegroupsOf(call.path("name")), NodegroupRecord::name),
                NodegroupRecord::name);
    }
}
