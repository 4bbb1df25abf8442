package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;

/** DescribeAccessEntry. */
record DescribeAccessEntry(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /clusters/{name}/access-entries/{principalArn}";
    }

    @Override
    public JsonNode handle(EksCall call) {
        AccessEntries.requireApi(context.store().cluster(call.path("name")));
        return Views.of(
                "accessEntry",
                new Views(context).entry(context.store().entry(call.path("name"), call.path("principalArn"))));
    }
}
