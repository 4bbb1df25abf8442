package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.Json;
import java.util.Map;
import java.util.TreeMap;

/** UntagResource. */
record UntagResource(EksContext context) implements Operation {
    @Override
    public String route() {
        return "DELETE /tags/{resourceArn}";
    }

    @Override
    public JsonNode handle(EksCall call) {
        TagTarget target = TagTarget.find(context, call.path("resourceArn"));
        Map<String, String> all = new TreeMap<>(target.tags());
        call.queries("tagKeys").forEach(all::remove);
        target.store(all);
        return Json.object(Map.of());
    }

    @Override
    public String resource(EksCall call, EksNames names) {
        return call.path("resourceArn");
    }
}
