package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** ListAccessEntries, of all or of those with a policy. */
record ListAccessEntries(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /clusters/{name}/access-entries";
    }

    @Override
    public JsonNode handle(EksCall call) {
        String name = call.path("name");
        AccessEntries.requireApi(context.store().cluster(name));
        List<AccessEntryRecord> all = context.store().entriesOf(name).stream()
                .filter(e -> !e.internal())
                .filter(e -> call.query("associatedPolicyArn")
                        .map(arn -> e.policies().stream().anyMatch(p -> p.arn().equals(arn)))
                        .orElse(true))
                .toList();
        return Views.page(
                "accessEntries", call.page(all, AccessEntryRecord::principalArn), AccessEntryRecord::principalArn);
    }
}
