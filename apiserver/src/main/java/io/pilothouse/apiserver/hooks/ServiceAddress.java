package io.pilothouse.apiserver.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.io.IOException;
import java.util.ArrayList;

/** Where a service of the cluster can be reached. */
public record ServiceAddress(String host, int port) {
    private static final GroupResource SERVICES = new GroupResource("", "services");
    private static final GroupResource SLICES = new GroupResource("discovery.k8s.io", "endpointslices");
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    /**
     * One of the ready endpoints of a service, or where an external one is.
     *
     * @param reference name, namespace and port of the service
     */
    public static ServiceAddress of(JsonNode reference, ClusterView cluster) throws IOException {
        String namespace = reference.path("namespace").asText();
        String name = reference.path("name").asText();
        int port = reference.path("port").asInt(443);
        var service = cluster.find(SERVICES, namespace, name)
                .orElseThrow(() -> new IOException("service \"" + name + "\" not found"));
        if (service.path("spec").path("type").asText().equals("ExternalName")) {
            return new ServiceAddress(service.path("spec").path("externalName").asText(), port);
        }
        String portName = portName(service, port, name);
        var found = new ArrayList<ServiceAddress>();
        for (var slice : cluster.list(SLICES, namespace)) {
            if (name.equals(ObjectMeta.labels(slice).get(SERVICE_LABEL))) {
                collect(slice, portName, found);
            }
        }
        if (found.isEmpty()) {
            throw new IOException("no endpoints available for service \"" + name + "\"");
        }
        // Calls are spread by chance of the moment; any ready one will do.
        return found.get((int) Math.floorMod(System.nanoTime(), (long) found.size()));
    }

    /**
     * The address of a service itself: its cluster IP, which this machine must be able to reach, or where an external one is.
     *
     * @param reference name, namespace and port of the service
     */
    public static ServiceAddress ofCluster(JsonNode reference, ClusterView cluster) throws IOException {
        String name = reference.path("name").asText();
        int port = reference.path("port").asInt(443);
        var service = cluster.find(SERVICES, reference.path("namespace").asText(), name)
                .orElseThrow(() -> new IOException("service \"" + name + "\" not found"));
        var spec = service.path("spec");
        if (spec.path("type").asText().equals("ExternalName")) {
            return new ServiceAddress(spec.path("externalName").asText(), port);
        }
        String address = spec.path("clusterIP").asText("");
        if (address.isEmpty() || address.equals("None")) {
            return of(reference, cluster);
        }
        portName(service, port, name);
        return new ServiceAddress(address, port);
    }

    private static String portName(JsonNode service, int port, String name) throws IOException {
        for (var candidate : service.path("spec").path("ports")) {
            if (candidate.path("port").asInt() == port) {
                return candidate.path("name").asText("");
            }
        }
        throw new IOException("no service port " + port + " found for service \"" + name + "\"");
    }

    private static void collect(JsonNode slice, String portName, ArrayList<ServiceAddress> found) {
        for (var port : slice.path("ports")) {
            if (!port.path("name").asText("").equals(portName)) {
                continue;
            }
            for (var endpoint : slice.path("endpoints")) {
                if (endpoint.path("conditions").path("ready").asBoolean(true)
                        && !endpoint.path("addresses").isEmpty()) {
                    found.add(new ServiceAddress(
                            endpoint.path("addresses").get(0).asText(),
                            port.path("port").asInt()));
                }
            }
        }
    }
}
