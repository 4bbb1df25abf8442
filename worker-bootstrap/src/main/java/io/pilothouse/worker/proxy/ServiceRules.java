package io.pilothouse.worker.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes the nft table that leads services' addresses and node ports to ready endpoints, chosen at random for each connection. */
final class ServiceRules {
    static final String TABLE = "pilothouse_services";

    private ServiceRules() {}

    /** A whole table, which replaces the present one in one transaction. IPv4. */
    static String table(List<JsonNode> services, List<JsonNode> slices, String nodeAddress) {
        Map<String, List<JsonNode>> byService = new TreeMap<>();
        for (JsonNode slice : slices) {
            JsonNode meta = slice.path("metadata");
            String name = meta.path("labels").path("kubernetes.io/service-name").asText("");
            if (slice.path("addressType").asText().equals("IPv4") && !name.isEmpty()) {
                byService.computeIfAbsent(meta.path("namespace").asText() + "/" + name, k -> new ArrayList<>()).add(slice);
            }
        }
        Map<String, String> rules = new TreeMap<>();
        for (JsonNode service : services) {
            String key = service.path("metadata").path("namespace").asText() + "/" + service.path("metadata").path("name").asText();
            service(service, byService.getOrDefault(key, List.of()), nodeAddress, rules);
        }
        String all = String.join("", rules.values());
        return "table ip " + TABLE + " {}\ndelete table ip " + TABLE + "\ntable ip " + TABLE + " {\n"
                + "  set themselves { type ipv4_addr . ipv4_addr; " + elements(slices) + "}\n"
                + "  chain services {\n" + all + "  }\n"
                + "  chain prerouting { type nat hook prerouting priority -100; jump services; }\n"
                + "  chain output { type nat hook output priority -100; jump services; }\n"
                // Who reaches itself through a service would answer itself past the node, and what came to a node port must go back through it.
                + "  chain postrouting { type nat hook postrouting priority 100; meta mark & 0x4000 == 0x4000 masquerade\n"
                + "    ct status dnat ip saddr . ip daddr @themselves masquerade\n  }\n"
                + "}\n";
    }

    private static String elements(List<JsonNode> slices) {
        List<String> pairs = new ArrayList<>();
        for (JsonNode slice : slices) {
            if (slice.path("addressType").asText().equals("IPv4")) {
                slice.path("endpoints").forEach(e -> e.path("addresses").forEach(a -> pairs.add(a.asText() + " . " + a.asText())));
            }
        }
        List<String> unique = pairs.stream().distinct().sorted().toList();
        return unique.isEmpty() ? "" : "elements = { " + String.join(", ", unique) + " } ";
    }

    private static void service(JsonNode service, List<JsonNode> slices, String nodeAddress, Map<String, String> rules) {
        String address = service.path("spec").path("clusterIP").asText("");
        if (!address.matches("[0-9.]+")) {
            return;
        }
        for (JsonNode port : service.path("spec").path("ports")) {
            String protocol = port.path("protocol").asText("TCP").toLowerCase(Locale.ROOT);
            if (!protocol.equals("tcp") && !protocol.equals("udp")) {
                continue;
            }
            String target = target(endpoints(slices, port.path("name").asText("")));
            String number = port.path("port").asText();
            rules.put(address + "/" + protocol + "/" + number, "    ip daddr " + address + " " + protocol + " dport " + number + " " + target + "\n");
            int nodePort = port.path("nodePort").asInt(0);
            if (nodePort > 0) {
                rules.put("node/" + protocol + "/" + nodePort, "    ip daddr " + nodeAddress + " " + protocol + " dport " + nodePort
                        + " meta mark set meta mark | 0x4000 " + target + "\n");
            }
        }
    }

    private static List<String> endpoints(List<JsonNode> slices, String portName) {
        List<String> all = new ArrayList<>();
        for (JsonNode slice : slices) {
            for (JsonNode port : slice.path("ports")) {
                if (port.path("name").asText("").equals(portName)) {
                    for (JsonNode endpoint : slice.path("endpoints")) {
                        if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                            endpoint.path("addresses").forEach(a -> all.add(a.asText() + " . " + port.path("port").asText()));
                        }
                    }
                }
            }
        }
        Collections.sort(all);
        return all.stream().distinct().toList();
    }

    private static String target(List<String> endpoints) {
        if (endpoints.isEmpty()) {
            return "drop"; // a nat chain can't reject; the client times out
        }
        if (endpoints.size() == 1) {
            return "dnat to " + endpoints.getFirst().replace(" . ", ":");
        }
        StringBuilder map = new StringBuilder("dnat ip to numgen random mod " + endpoints.size() + " map { ");
        for (int i = 0; i < endpoints.size(); i++) {
            map.append(i == 0 ? "" : ", ").append(i).append(" : ").append(endpoints.get(i));
        }
        return map.append(" }").toString();
    }
}
