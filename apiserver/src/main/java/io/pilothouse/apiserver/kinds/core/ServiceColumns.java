package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.Trees;
import java.util.ArrayList;

/** What kubectl shows of a service. */
final class ServiceColumns {
    private ServiceColumns() {}

    static String external(ObjectNode service) {
        var spec = service.path("spec");
        var given = Trees.strings(spec.path("externalIPs"));
        return switch (spec.path("type").asText()) {
            case "ExternalName" -> spec.path("externalName").asText();
            case "LoadBalancer" -> {
                var all = new ArrayList<String>();
                for (var ingress : service.path("status").path("loadBalancer").path("ingress")) {
                    all.add(
                            ingress.hasNonNull("ip")
                                    ? ingress.get("ip").asText()
                                    : ingress.path("hostname").asText());
                }
                all.addAll(given);
                yield all.isEmpty() ? "<pending>" : String.join(",", all);
            }
            default -> given.isEmpty() ? "<none>" : String.join(",", given);
        };
    }

    static String ports(ObjectNode service) {
        var out = new ArrayList<String>();
        for (var port : service.path("spec").path("ports")) {
            String node = port.path("nodePort").asInt(0) > 0
                    ? ":" + port.path("nodePort").asInt()
                    : "";
            out.add(port.path("port").asInt() + node + "/"
                    + port.path("protocol").asText());
        }
        return out.isEmpty() ? "<none>" : String.join(",", out);
    }

    static String selector(ObjectNode service) {
        var out = new ArrayList<String>();
        service.path("spec")
                .path("selector")
                .properties()
                .forEach(e -> out.add(e.getKey() + "=" + e.getValue().asText()));
        return out.isEmpty() ? "<none>" : String.join(",", out);
    }
}
