package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** DescribeCluster. */
record DescribeCluster(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /clusters/{name}";
    }

    @Override
    public JsonNode handle(EksCall call) throws IOException {
        return Views.of("cluster", new Views(context).cluster(context.store().cluster(call.path("name"))));
    }
}
