package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.Json;
import java.util.Map;

/** DisassociateAccessPolicy. */
record DisassociateAccessPolicy(EksContext context) implements Operation {
    @Override
    public String route() {
        return "DELETE /clusters/{name}/access-entries/{principalArn}/access-policies/{policyArn}";
    }

    @Override
    public JsonNode handle(EksCall call) {
        String name = call.path("name");
        String policy = call.path("policyArn");
        AccessEntries.requireApi(context.store().cluster(name));
        AccessEntryRecord present = context.store().entry(name, call.path("principalArn"));
        if (present.policies().stream().noneMatch(p -> p.arn().equals(policy))) {
            throw EksException.notFound("The specified policy is not associated with the access entry.")
                    .about("clusterName", name);
        }
        context.store()
                .entries()
                .update(
                        EksStore.key(name, present.principalArn()),
                        e -> e.with(
                                e.policies().stream()
                                        .filter(p -> !p.arn().equals(policy))
                                        .toList(),
                                context.now()));
        context.changes().cluster(name);
        return Json.object(Map.of());
    }
}
