package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.iam.policy.AccessPolicies;
import java.util.Map;

/** ListAccessPolicies. */
record ListAccessPolicies(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /access-policies";
    }

    @Override
    public JsonNode handle(EksCall call) {
        return Views.page(
                "accessPolicies",
                call.page(AccessPolicies.names().stream().sorted().toList(), n -> n),
                n -> Map.of("name", n, "arn", context.names().accessPolicy(n)));
    }
}
