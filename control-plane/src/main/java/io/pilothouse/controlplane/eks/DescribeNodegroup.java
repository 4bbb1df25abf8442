package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;

/** DescribeNodegroup. */
record DescribeNodegroup(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /clusters/{name}/node-groups/{nodegroupName}";
    }

    @Override
    public JsonNode handle(EksCall call) {
        return Views.of(
                "nodegroup",
                new Views(context).nodegroup(context.store().nodegroup(call.path("name"), call.path("nodegroupName"))));
    }
}
