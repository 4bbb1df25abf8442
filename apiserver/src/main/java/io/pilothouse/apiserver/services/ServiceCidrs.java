package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.field.Cidr;
import io.pilothouse.machinery.field.IpAddress;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the cluster's ServiceCIDRs say: from which ranges services get addresses. */
public final class ServiceCidrs {
    public static final GroupResource RESOURCE = new GroupResource("networking.k8s.io", "servicecidrs");

    /** The one that a server makes of its flags. */
    public static final String DEFAULT_NAME = "kubernetes";

    private ServiceCidrs() {}

    /** The ranges from which addresses can be taken now. */
    static List<Cidr> ready(ClusterView cluster) {
        return ranges(all(cluster).stream().filter(ServiceCidrs::isReady).toList());
    }

    /** The ranges of all, ready or not. */
    static List<Cidr> configured(ClusterView cluster) {
        return ranges(all(cluster));
    }

    /** The default one stands first; it may be so new that the cache does not have it. */
    private static List<ObjectNode> all(ClusterView cluster) {
        var out = new ArrayList<ObjectNode>();
        Optional<ObjectNode> first = cluster.find(RESOURCE, "", DEFAULT_NAME);
        (first.isPresent() ? first : cluster.findNow(RESOURCE, "", DEFAULT_NAME)).ifPresent(out::add);
        cluster.list(RESOURCE, "").stream()
                .filter(c -> !ObjectMeta.name(c).equals(DEFAULT_NAME))
                .forEach(out::add);
        return out;
    }

    private static List<Cidr> ranges(List<ObjectNode> serviceCidrs) {
        var out = new ArrayList<Cidr>();
        for (var serviceCidr : serviceCidrs) {
            for (JsonNode text : serviceCidr.path("spec").path("cidrs")) {
                Cidr.parse(text.asText("")).ifPresent(out::add);
            }
        }
        return out;
    }

    /** One that nobody has judged is ready; one that is being deleted is not. */
    private static boolean isReady(ObjectNode serviceCidr) {
        for (var condition : serviceCidr.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True") && !ObjectMeta.isTerminating(serviceCidr);
            }
        }
        return !ObjectMeta.isTerminating(serviceCidr);
    }

    /** Whether a service can have an address of one of these ranges. */
    static boolean contain(List<Cidr> ranges, IpAddress ip) {
        return ranges.stream().anyMatch(r -> new AddressBand(r).contains(ip));
    }

    /** A new one. */
    public static ObjectNode object(String name, List<String> ranges) {
        var serviceCidr = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "ServiceCIDR")
                .put("apiVersion", "networking.k8s.io/v1");
        serviceCidr.putObject("metadata").put("name", name);
        ranges.forEach(serviceCidr.putObject("spec").putArray("cidrs")::add);
        return serviceCidr;
    }
}
