package io.pilothouse.worker.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the nft table that leads services' addresses, external addresses and node ports to endpoints, chosen at random for each connection, or by
 * the client's address with session affinity. What leads nowhere is refused, not left to time out. IPv4, TCP and UDP.
 */
final class ServiceRules {
    static final String TABLE = "pilothouse_services";
    private final String nodeName;
    private final String nodeAddress;
    private final Map<String, List<JsonNode>> slices = new TreeMap<>();
    private final Map<String, String> leads = new TreeMap<>();
    private final Map<String, String> refusals = new TreeMap<>();

    private ServiceRules(String nodeName, String nodeAddress) {
        this.nodeName = nodeName;
        this.nodeAddress = nodeAddress;
    }

    /**
     * A whole table, which replaces the present one in one transaction.
     *
     * @param clusterDns pods' name server, refused while no service has that address; empty for none
     */
    static String table(
            List<JsonNode> services, List<JsonNode> slices, String nodeName, String nodeAddress, String clusterDns) {
        ServiceRules rules = new ServiceRules(nodeName, nodeAddress);
        for (JsonNode slice : slices) {
            JsonNode meta = slice.path("metadata");
            String name = meta.path("labels").path("kubernetes.io/service-name").asText("");
            if (slice.path("addressType").asText().equals("IPv4") && !name.isEmpty()) {
                rules.slices
                        .computeIfAbsent(meta.path("namespace").asText() + "/" + name, k -> new ArrayList<>())
                        .add(slice);
            }
        }
        services.forEach(rules::service);
        if (!clusterDns.isEmpty()
                && services.stream()
                        .noneMatch(
                                s -> s.path("spec").path("clusterIP").asText().equals(clusterDns))) {
            rules.refuse(clusterDns, "udp", "53");
            rules.refuse(clusterDns, "tcp", "53");
        }
        return "table ip " + TABLE + " {}\ndelete table ip " + TABLE + "\ntable ip " + TABLE + " {\n"
                + "  set themselves { type ipv4_addr . ipv4_addr; " + elements(slices) + "}\n"
                + "  chain services {\n" + String.join("", rules.leads.values()) + "  }\n"
                + "  chain refused {\n" + String.join("", rules.refusals.values()) + "  }\n"
                + "  chain prerouting { type nat hook prerouting priority -100; jump services; }\n"
                + "  chain output { type nat hook output priority -100; jump services; }\n"
                // Who reaches itself through a service would answer itself past the node, and what came to a node port
                // must go back through it.
                + "  chain postrouting { type nat hook postrouting priority 100; meta mark & 0x4000 == 0x4000 masquerade\n"
                + "    ct status dnat ip saddr . ip daddr @themselves masquerade\n  }\n"
                // A nat chain can't reject, and an address that leads nowhere is not translated: it is met here.
                + "  chain refuseinput { type filter hook input priority 0; jump refused; }\n"
                + "  chain refuseforward { type filter hook forward priority 0; jump refused; }\n"
                + "  chain refuseoutput { type filter hook output priority 0; jump refused; }\n"
                + "}\n";
    }

    private static String elements(List<JsonNode> slices) {
        List<String> pairs = new ArrayList<>();
        for (JsonNode slice : slices) {
            if (slice.path("addressType").asText().equals("IPv4")) {
                slice.path("endpoints")
                        .forEach(e -> e.path("addresses").forEach(a -> pairs.add(a.asText() + " . " + a.asText())));
            }
        }
        List<String> unique = pairs.stream().distinct().sorted().toList();
        return unique.isEmpty() ? "" : "elements = { " + String.join(", ", unique) + " } ";
    }

    private void service(JsonNode service) {
        JsonNode spec = service.path("spec");
        String address = spec.path("clusterIP").asText("");
        if (!address.matches("[0-9.]+")) {
            return;
        }
        String key = service.path("metadata").path("namespace").asText() + "/"
                + service.path("metadata").path("name").asText();
        List<JsonNode> own = slices.getOrDefault(key, List.of());
        boolean sticky = spec.path("sessionAffinity").asText().equals("ClientIP");
        boolean outsideLocal = spec.path("externalTrafficPolicy").asText().equals("Local");
        for (JsonNode port : spec.path("ports")) {
            String protocol = port.path("protocol").asText("TCP").toLowerCase(Locale.ROOT);
            if (!protocol.equals("tcp") && !protocol.equals("udp")) {
                continue;
            }
            String name = port.path("name").asText("");
            String number = port.path("port").asText();
            lead(
                    address,
                    protocol,
                    number,
                    "",
                    endpoints(
                            own,
                            name,
                            spec.path("internalTrafficPolicy").asText().equals("Local")),
                    sticky);
            // Traffic from outside comes back through this node, unless it stays on it.
            String mark = outsideLocal ? "" : "meta mark set meta mark | 0x4000 ";
            List<String> outside = endpoints(own, name, outsideLocal);
            for (String external : outsideAddresses(service)) {
                lead(external, protocol, number, mark, outside, sticky);
            }
            if (port.path("nodePort").asInt(0) > 0) {
                lead(nodeAddress, protocol, port.path("nodePort").asText(), mark, outside, sticky);
            }
        }
    }

    private static List<String> outsideAddresses(JsonNode service) {
        List<String> all = new ArrayList<>();
        service.path("spec").path("externalIPs").forEach(ip -> all.add(ip.asText()));
        service.path("status")
                .path("loadBalancer")
                .path("ingress")
                .forEach(i -> all.add(i.path("ip").asText("")));
        return all.stream().filter(a -> a.matches("[0-9.]+")).toList();
    }

    private void lead(
            String address, String protocol, String port, String mark, List<String> endpoints, boolean sticky) {
        if (endpoints.isEmpty()) {
            refuse(address, protocol, port);
        } else {
            leads.put(
                    address + "/" + protocol + "/" + port,
                    match(address, protocol, port) + mark + target(endpoints, sticky) + "\n");
        }
    }

    private void refuse(String address, String protocol, String port) {
        refusals.put(
                address + "/" + protocol + "/" + port,
                match(address, protocol, port) + (protocol.equals("tcp") ? "reject with tcp reset" : "reject") + "\n");
    }

    private static String match(String address, String protocol, String port) {
        return "    ip daddr " + address + " " + protocol + " dport " + port + " ";
    }

    /** Ready ones; when there are none, those that end but serve still. */
    private List<String> endpoints(List<JsonNode> own, String portName, boolean local) {
        List<String> ready = endpoints(own, portName, local, "ready", true);
        return ready.isEmpty() ? endpoints(own, portName, local, "serving", false) : ready;
    }

    private List<String> endpoints(
            List<JsonNode> own, String portName, boolean local, String condition, boolean usual) {
        List<String> all = new ArrayList<>();
        for (JsonNode slice : own) {
            for (JsonNode port : slice.path("ports")) {
                if (!port.path("name").asText("").equals(portName)) {
                    continue;
                }
                for (JsonNode endpoint : slice.path("endpoints")) {
                    if (endpoint.path("conditions").path(condition).asBoolean(usual)
                            && (!local || endpoint.path("nodeName").asText().equals(nodeName))) {
                        endpoint.path("addresses")
                                .forEach(a -> all.add(
                                        a.asText() + " . " + port.path("port").asText()));
                    }
                }
            }
        }
        return all.stream().distinct().sorted().toList();
    }

    private static String target(List<String> endpoints, boolean sticky) {
        if (endpoints.size() == 1) {
            return "dnat to " + endpoints.getFirst().replace(" . ", ":");
        }
        String choice = sticky ? "jhash ip saddr" : "numgen random";
        StringBuilder map = new StringBuilder("dnat ip to " + choice + " mod " + endpoints.size() + " map { ");
        for (int i = 0; i < endpoints.size(); i++) {
            map.append(i == 0 ? "" : ", ").append(i).append(" : ").append(endpoints.get(i));
        }
        return map.append(" }").toString();
    }
}
