package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** UpdateAccessEntry: another name or other groups. */
record UpdateAccessEntry(EksContext context) implements Operation {
    @Override
    public String route() {
        return "POST /clusters/{name}/access-entries/{principalArn}";
    }

    @Override
    public JsonNode handle(EksCall call) {
        call.body().only("kubernetesGroups", "clientRequestToken", "username");
        String name = call.path("name");
        String arn = call.path("principalArn");
        AccessEntries.requireApi(context.store().cluster(name));
        AccessEntryRecord present = context.store().entry(name, arn);
        List<String> groups =
                call.body().has("kubernetesGroups") ? call.body().texts("kubernetesGroups") : present.groups();
        String username = AccessEntries.username(
                context, arn, present.type(), call.body().text("username").orElse(present.username()), groups);
        AccessEntryRecord changed = context.store()
                .entries()
                .update(EksStore.key(name, arn), e -> e.mapped(username, groups, context.now()))
                .orElse(present);
        context.changes().cluster(name);
        return Views.of("accessEntry", new Views(context).entry(changed));
    }
}
