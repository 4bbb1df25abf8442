package io.pilothouse.apiserver.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.kubelet.KubeletAddress;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.StatusException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Finds what a pod, service or node in a path stands for. Never an address of this machine's own, which clients could not reach otherwise. */
final class ProxyTargets {
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final GroupResource SERVICES = new GroupResource("", "services");
    private static final GroupResource ENDPOINTS = new GroupResource("", "endpoints");
    private static final GroupResource NODES = new GroupResource("", "nodes");

    private final ClusterView cluster;
    private final List<String> addressTypes;
    private final RandomGenerator random;

    /** @param addressTypes the kinds of node addresses, best first */
    ProxyTargets(ClusterView cluster, List<String> addressTypes, RandomGenerator random) {
        this.cluster = cluster;
        this.addressTypes = addressTypes;
        this.random = random;
    }

    /** @throws StatusException for what is not there, or must not be reached */
    ProxyTarget find(String resource, String namespace, String id) {
        var name = ProxyTarget.Name.parse(id)
                .orElseThrow(() -> StatusException.badRequest(
                        "invalid " + resource.substring(0, resource.length() - 1) + " request " + GoText.quote(id)));
        return switch (resource) {
            case "pods" -> pod(namespace, name);
            case "services" -> service(namespace, name, id);
            default -> node(name);
        };
    }

    private ProxyTarget pod(String namespace, ProxyTarget.Name name) {
        var pod = cluster.findNow(PODS, namespace, name.name())
                .orElseThrow(() -> StatusException.notFound(PODS, name.name()));
        String port = name.port();
        if (port.isEmpty()) {
            for (var container : pod.path("spec").path("containers")) {
                if (!container.path("ports").isEmpty()) {
                    port = container.path("ports").get(0).path("containerPort").asText();
                    break;
                }
            }
        }
        String address = pod.path("status").path("podIPs").path(0).path("ip").asText("");
        if (!isReachableLiteral(address)) {
            throw StatusException.badRequest("address not allowed");
        }
        return ProxyTarget.plain(name.scheme(), address, port);
    }

    private static boolean isReachableLiteral(String address) {
        try {
            return isGlobalUnicast(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static boolean isGlobalUnicast(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean broadcast = bytes.length == 4 && bytes[0] == -1 && bytes[1] == -1 && bytes[2] == -1 && bytes[3] == -1;
        return !broadcast
                && !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress()
                && !address.isLinkLocalAddress();
    }

    private ProxyTarget service(String namespace, ProxyTarget.Name name, String id) {
        String port = portName(namespace, name);
        // Both lookups are told of as the service's.
        var endpoints = cluster.findNow(ENDPOINTS, namespace, name.name())
                .orElseThrow(() -> StatusException.notFound(SERVICES, name.name()));
        var subsets = endpoints.path("subsets");
        if (subsets.isEmpty()) {
            throw noEndpoints(name.name());
        }
        int first = random.nextInt(subsets.size());
        for (int i = 0; i < subsets.size(); i++) {
            var target = anyOf(namespace, name, port, subsets.get((first + i) % subsets.size()));
            if (target.isPresent()) {
                return target.get();
            }
        }
        throw noEndpoints(id);
    }

    /** The name of the port that is meant: a number stands for the service's port of that number. */
    private String portName(String namespace, ProxyTarget.Name name) {
        if (!name.port().matches("[+-]?[0-9]{1,18}")) {
            return name.port();
        }
        long number = Long.parseLong(name.port());
        var service = cluster.findNow(SERVICES, namespace, name.name())
                .orElseThrow(() -> StatusException.notFound(SERVICES, name.name()));
        for (var port : service.path("spec").path("ports")) {
            if (port.path("port").asLong() == number) {
                return port.path("name").asText("");
            }
        }
        throw StatusException.serviceUnavailable(
                "no service port " + number + " found for service " + GoText.quote(name.name()));
    }

    private static StatusException noEndpoints(String id) {
        return StatusException.serviceUnavailable("no endpoints available for service " + GoText.quote(id));
    }

    private Optional<ProxyTarget> anyOf(String namespace, ProxyTarget.Name name, String port, JsonNode subset) {
        var addresses = subset.path("addresses");
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        for (var candidate : subset.path("ports")) {
            if (!candidate.path("name").asText("").equals(port)) {
                continue;
            }
            int first = random.nextInt(addresses.size());
            for (int i = 0; i < addresses.size(); i++) {
                var address = addresses.get((first + i) % addresses.size());
                if (isPods(namespace, address)) {
                    return Optional.of(ProxyTarget.plain(
                            name.scheme(),
                            address.path("ip").asText(),
                            candidate.path("port").asText()));
                }
            }
        }
        return Optional.empty();
    }

    /** Who may write endpoints could else have this server speak to any address. */
    private boolean isPods(String namespace, JsonNode address) {
        var reference = address.path("targetRef");
        if (!reference.path("namespace").asText("").equals(namespace)) {
            return false;
        }
        return cluster.findNow(PODS, namespace, reference.path("name").asText(""))
                .filter(pod -> addresses(pod).contains(address.path("ip").asText("")))
                .isPresent();
    }

    private static List<String> addresses(ObjectNode pod) {
        var out = new ArrayList<String>();
        pod.path("status").path("podIPs").forEach(ip -> out.add(ip.path("ip").asText("")));
        return out;
    }

    private ProxyTarget node(ProxyTarget.Name name) {
        var node =
                cluster.findNow(NODES, "", name.name()).orElseThrow(() -> StatusException.notFound(NODES, name.name()));
        var kubelet = KubeletAddress.of(node, addressTypes);
        requireReachable(kubelet.host());
        String own = Integer.toString(kubelet.port());
        return name.port().isEmpty() || name.port().equals(own)
                ? new ProxyTarget("https", kubelet.host(), own, true)
                : ProxyTarget.plain(name.scheme(), kubelet.host(), name.port());
    }

    private static void requireReachable(String host) {
        try {
            for (var address : InetAddress.getAllByName(host)) {
                if (!isGlobalUnicast(address)) {
                    throw StatusException.badRequest("address not allowed");
                }
            }
        } catch (UnknownHostException e) {
            throw StatusException.badRequest("lookup " + host + ": no such host");
        }
    }
}
