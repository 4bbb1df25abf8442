package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** ListUpdates, of the cluster or of one of its node groups. */
record ListUpdates(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /clusters/{name}/updates";
    }

    @Override
    public JsonNode handle(EksCall call) {
        String name = call.path("name");
        context.store().cluster(name);
        String nodegroup = call.query("nodegroupName").orElse("");
        List<UpdateRecord> all = context.store().updatesOf(name).stream()
                .filter(u -> u.nodegroup().equals(nodegroup))
                .toList();
        return Views.page("updateIds", call.page(all, UpdateRecord::id), UpdateRecord::id);
    }
}
