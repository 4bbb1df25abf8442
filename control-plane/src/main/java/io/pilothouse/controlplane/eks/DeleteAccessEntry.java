package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.Json;
import java.util.Map;

/** DeleteAccessEntry. */
record DeleteAccessEntry(EksContext context) implements Operation {
    @Override
    public String route() {
        return "DELETE /clusters/{name}/access-entries/{principalArn}";
    }

    @Override
    public JsonNode handle(EksCall call) {
        String name = call.path("name");
        AccessEntries.requireApi(context.store().cluster(name));
        context.store().entry(name, call.path("principalArn"));
        context.store().entries().remove(EksStore.key(name, call.path("principalArn")));
        context.changes().cluster(name);
        return Json.object(Map.of());
    }
}
