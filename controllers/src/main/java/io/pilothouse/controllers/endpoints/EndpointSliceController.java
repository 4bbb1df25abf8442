package io.pilothouse.controllers.endpoints;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps the addresses behind services with a selector in EndpointSlices of at most 100. */
public final class EndpointSliceController {
    private static final int MOST = 100;
    private static final String SERVICE = "kubernetes.io/service-name";
    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final String MANAGER = "endpointslice-controller.k8s.io";
    private static final String HEADLESS = "service.kubernetes.io/headless";
    private static final String ZONE = "topology.kubernetes.io/zone";

    private final ControllerContext context;
    private final Cache<Service> services;
    private final Cache<Pod> pods;
    private final Cache<Node> nodes;
    private final Cache<EndpointSlice> slices;

    /** Joins a context. */
    public EndpointSliceController(ControllerContext context, int workers) {
        this.context = context;
        this.services = context.cache(Service.class);
        this.pods = context.cache(Pod.class);
        this.nodes = context.cache(Node.class);
        this.slices = context.cache(EndpointSlice.class);
        WorkQueue<Key> queue = context.queue("endpointslice", workers, this::reconcile);
        services.onAny(service -> queue.add(Key.of(service)));
        ServicesOfPods.watch(pods, services, queue);
        slices.onAny(slice -> {
            String service = label(slice, SERVICE);
            if (MANAGER.equals(label(slice, MANAGED_BY)) && !service.isEmpty()) {
                queue.add(new Key(slice.getMetadata().getNamespace(), service));
            }
        });
    }

    private static String label(EndpointSlice slice, String name) {
        var labels = slice.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault(name, "");
    }

    private Outcome reconcile(Key key) {
        var found = services.find(key);
        // Slices of a service that is gone go with it, as what it owns.
        if (found.isEmpty() || !Backends.isSelecting(found.get()) || Owners.isDeleting(found.get())) {
            return Outcome.done();
        }
        Service service = found.get();
        var byPorts = new LinkedHashMap<List<Backends.Port>, List<Endpoint>>();
        for (var backend : Backends.of(service, pods.inNamespace(key.namespace()))) {
            byPorts.computeIfAbsent(backend.ports(), ignored -> new ArrayList<>())
                    .add(endpoint(service, backend));
        }
        if (byPorts.isEmpty()) {
            byPorts.put(List.of(), new ArrayList<>());
        }
        var existing = new ArrayList<>(slices.inNamespace(key.namespace()).stream()
                .filter(slice -> label(slice, SERVICE).equals(key.name())
                        && label(slice, MANAGED_BY).equals(MANAGER)
                        && !Owners.isDeleting(slice))
                .sorted(Comparator.comparing(slice -> slice.getMetadata().getName()))
                .toList());
        byPorts.forEach((ports, endpoints) -> {
            for (int from = 0; from == 0 || from < endpoints.size(); from += MOST) {
                write(service, ports, endpoints.subList(from, Math.min(endpoints.size(), from + MOST)), existing);
            }
        });
        existing.forEach(slice -> context.client().resource(slice).delete());
        return Outcome.done();
    }

    /** Into an existing slice of these ports, which is taken from the list, or into a new one. */
    private void write(
            Service service, List<Backends.Port> ports, List<Endpoint> endpoints, List<EndpointSlice> existing) {
        List<EndpointPort> wanted =
                ports.stream().map(EndpointSliceController::port).toList();
        var labels = labels(service);
        var reused = existing.stream()
                .filter(slice -> wanted.equals(ports(slice)))
                .findFirst()
                .or(() -> existing.stream().findFirst());
        if (reused.isEmpty()) {
            context.client()
                    .resource(new EndpointSliceBuilder()
                            .withNewMetadata()
                            .withNamespace(service.getMetadata().getNamespace())
                            .withGenerateName(service.getMetadata().getName() + "-")
                            .withLabels(labels)
                            .withOwnerReferences(Owners.controller(service))
                            .endMetadata()
                            .withAddressType("IPv4")
                            .withPorts(wanted)
                            .withEndpoints(endpoints)
                            .build())
                    .create();
            return;
        }
        var slice = reused.get();
        existing.remove(slice);
        if (!endpoints.equals(slice.getEndpoints())
                || !wanted.equals(ports(slice))
                || !labels.equals(slice.getMetadata().getLabels())) {
            context.client()
                    .resource(new EndpointSliceBuilder(slice)
                            .editMetadata()
                            .withLabels(labels)
                            .endMetadata()
                            .withPorts(wanted)
                            .withEndpoints(endpoints)
                            .build())
                    .update();
        }
    }

    private static Map<String, String> labels(Service service) {
        var labels = new LinkedHashMap<String, String>();
        if (service.getMetadata().getLabels() != null) {
            labels.putAll(service.getMetadata().getLabels());
        }
        labels.remove(HEADLESS);
        if (Backends.isHeadless(service)) {
            labels.put(HEADLESS, "");
        }
        labels.put(SERVICE, service.getMetadata().getName());
        labels.put(MANAGED_BY, MANAGER);
        return labels;
    }

    private static List<EndpointPort> ports(EndpointSlice slice) {
        return slice.getPorts() == null ? List.of() : slice.getPorts();
    }

    private static EndpointPort port(Backends.Port port) {
        return new EndpointPortBuilder()
                .withName(port.name())
                .withProtocol(port.protocol())
                .withPort(port.number())
                .withAppProtocol(port.appProtocol().isEmpty() ? null : port.appProtocol())
                .build();
    }

    private Endpoint endpoint(Service service, Backends.Backend backend) {
        Pod pod = backend.pod();
        String node = PodStates.node(pod);
        var endpoint = new EndpointBuilder()
                .withAddresses(backend.address())
                .withNewConditions()
                .withReady(backend.ready())
                .withServing(backend.serving())
                .withTerminating(backend.terminating())
                .endConditions()
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endTargetRef();
        if (!node.isEmpty()) {
            endpoint.withNodeName(node);
            nodes.find("", node)
                    .map(found -> found.getMetadata().getLabels())
                    .map(labels -> labels.get(ZONE))
                    .ifPresent(endpoint::withZone);
        }
        if (pod.getSpec().getHostname() != null
                && service.getMetadata().getName().equals(pod.getSpec().getSubdomain())) {
            endpoint.withHostname(pod.getSpec().getHostname());
        }
        return endpoint.build();
    }
}
