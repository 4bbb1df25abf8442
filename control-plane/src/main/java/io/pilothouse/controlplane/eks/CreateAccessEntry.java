package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;

/** CreateAccessEntry. */
record CreateAccessEntry(EksContext context) implements Operation {
    @Override
    public String route() {
        return "POST /clusters/{name}/access-entries";
    }

    @Override
    public JsonNode handle(EksCall call) {
        call.body().only("principalArn", "kubernetesGroups", "tags", "clientRequestToken", "username", "type");
        String name = call.path("name");
        AccessEntries.requireApi(context.store().cluster(name));
        String arn = call.body().required("principalArn");
        String type = call.body().oneOf("type", "STANDARD", AccessEntries.TYPES);
        List<String> groups = call.body().texts("kubernetesGroups");
        String username = AccessEntries.username(
                context, arn, type, call.body().text("username").orElse(""), groups);
        long now = context.now();
        // The id lets a role that is deleted and made again no longer match, as in EKS.
        AccessEntryRecord made = new AccessEntryRecord(
                name,
                UUID.randomUUID().toString(),
                arn,
                Principals.find(arn, context.cloud().iam()).orElse(null),
                type,
                username,
                AccessEntries.groupsOf(type, groups),
                List.of(),
                Rules.tags(call.body().map("tags")),
                now,
                now,
                false);
        if (!context.store().entries().insert(EksStore.key(name, arn), made)) {
            throw EksException.inUse("The specified access entry resource is already in use on this cluster.")
                    .about("clusterName", name);
        }
        context.changes().cluster(name);
        return Views.of("accessEntry", new Views(context).entry(made));
    }
}
