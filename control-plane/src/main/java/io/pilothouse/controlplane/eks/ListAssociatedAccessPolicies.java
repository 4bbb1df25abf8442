package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** ListAssociatedAccessPolicies. */
record ListAssociatedAccessPolicies(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /clusters/{name}/access-entries/{principalArn}/access-policies";
    }

    @Override
    public JsonNode handle(EksCall call) {
        String name = call.path("name");
        AccessEntries.requireApi(context.store().cluster(name));
        AccessEntryRecord entry = context.store().entry(name, call.path("principalArn"));
        ObjectNode answer = (ObjectNode) Views.page(
                "associatedAccessPolicies", call.page(entry.policies(), AccessEntryRecord.Policy::arn), Views::policy);
        return answer.put("clusterName", name).put("principalArn", entry.principalArn());
    }
}
