package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.Json;
import java.util.Map;
import java.util.TreeMap;

/** TagResource. */
record TagResource(EksContext context) implements Operation {
    @Override
    public String route() {
        return "POST /tags/{resourceArn}";
    }

    @Override
    public JsonNode handle(EksCall call) {
        Map<String, String> wanted = call.body().only("tags").map("tags");
        TagTarget target = TagTarget.find(context, call.path("resourceArn"));
        Map<String, String> all = new TreeMap<>(target.tags());
        all.putAll(wanted);
        target.store(Rules.tags(all));
        return Json.object(Map.of());
    }

    @Override
    public String resource(EksCall call, EksNames names) {
        return call.path("resourceArn");
    }
}
