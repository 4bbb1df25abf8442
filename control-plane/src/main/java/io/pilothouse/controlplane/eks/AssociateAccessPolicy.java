package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.controlplane.eks.AccessEntryRecord.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** AssociateAccessPolicy; a policy that is associated already gets the new scope. */
record AssociateAccessPolicy(EksContext context) implements Operation {
    @Override
    public String route() {
        return "POST /clusters/{name}/access-entries/{principalArn}/access-policies";
    }

    @Override
    public JsonNode handle(EksCall call) {
        call.body().only("policyArn", "accessScope");
        String name = call.path("name");
        String arn = call.path("principalArn");
        AccessEntries.requireApi(context.store().cluster(name));
        AccessEntryRecord present = context.store().entry(name, arn);
        if (!Set.of("STANDARD", "EC2").contains(present.type())) {
            throw EksException.invalidRequest(
                            "Access policies cannot be associated with access entries of type " + present.type() + ".")
                    .about("clusterName", name);
        }
        String policy = AccessEntries.policy(context, call.body().required("policyArn"));
        Fields scope = call.body().object("accessScope").only("type", "namespaces");
        String type = scope.oneOf("type", "cluster", Set.of("cluster", "namespace"));
        List<String> namespaces = scope.texts("namespaces");
        if (type.equals("namespace") == namespaces.isEmpty()) {
            throw EksException.invalidParameter(
                    "An access scope of type namespace needs namespaces, one of type cluster has none.");
        }
        long now = context.now();
        context.store().entries().update(EksStore.key(name, arn), e -> {
            List<Policy> all = new ArrayList<>(e.policies());
            long since = all.stream()
                    .filter(p -> p.arn().equals(policy))
                    .map(Policy::associatedMillis)
                    .findFirst()
                    .orElse(now);
            all.removeIf(p -> p.arn().equals(policy));
            all.add(new Policy(policy, type, namespaces, since, now));
            return e.with(all, now);
        });
        context.changes().cluster(name);
        return Json.tree(Map.of(
                "clusterName",
                name,
                "principalArn",
                arn,
                "associatedAccessPolicy",
                Views.policy(new Policy(policy, type, namespaces, now, now))));
    }
}
