package io.pilothouse.controllers.endpoints;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps the older Endpoints beside the slices, for clients that still read them. */
public final class EndpointsController {
    private static final int MOST = 1000;
    private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";

    private final ControllerContext context;
    private final Cache<Service> services;
    private final Cache<Pod> pods;
    private final Cache<Endpoints> endpoints;

    /** Joins a context. */
    public EndpointsController(ControllerContext context, int workers) {
        this.context = context;
        this.services = context.cache(Service.class);
        this.pods = context.cache(Pod.class);
        this.endpoints = context.cache(Endpoints.class);
        WorkQueue<Key> queue = context.queue("endpoints", workers, this::reconcile);
        services.onAny(service -> queue.add(Key.of(service)));
        endpoints.on(added -> {}, (before, after) -> queue.add(Key.of(after)), deleted -> queue.add(Key.of(deleted)));
        ServicesOfPods.watch(pods, services, queue);
    }

    private Outcome reconcile(Key key) {
        var found = services.find(key);
        var existing = endpoints.find(key);
        if (found.isEmpty()) {
            existing.filter(object -> "endpoint-controller".equals(label(object)))
                    .ifPresent(object -> context.client().resource(object).delete());
            return Outcome.done();
        }
        Service service = found.get();
        if (!Backends.isSelecting(service) || Owners.isDeleting(service)) {
            return Outcome.done();
        }
        var subsets = subsets(Backends.of(service, pods.inNamespace(key.namespace())));
        Map<String, String> labels = new LinkedHashMap<>();
        if (service.getMetadata().getLabels() != null) {
            labels.putAll(service.getMetadata().getLabels());
        }
        labels.put(MANAGED_BY, "endpoint-controller");
        if (Backends.isHeadless(service)) {
            labels.put("service.kubernetes.io/headless", "");
        }
        if (existing.isEmpty()) {
            context.client()
                    .resource(new EndpointsBuilder()
                            .withNewMetadata()
                            .withNamespace(key.namespace())
                            .withName(key.name())
                            .withLabels(labels)
                            .endMetadata()
                            .withSubsets(subsets)
                            .build())
                    .create();
        } else if (!existing.get().getSubsets().equals(subsets)
                || !labels.equals(existing.get().getMetadata().getLabels())) {
            context.client()
                    .resource(new EndpointsBuilder(existing.get())
                            .editMetadata()
                            .withLabels(labels)
                            .endMetadata()
                            .withSubsets(subsets)
                            .build())
                    .update();
        }
        return Outcome.done();
    }

    private static String label(Endpoints object) {
        return object.getMetadata().getLabels() == null
                ? ""
                : object.getMetadata().getLabels().getOrDefault(MANAGED_BY, "");
    }

    private static List<EndpointSubset> subsets(List<Backends.Backend> backends) {
        var byPorts = new LinkedHashMap<List<Backends.Port>, List<Backends.Backend>>();
        backends.stream()
                .filter(backend -> !backend.terminating() || backend.ready())
                .limit(MOST)
                .forEach(backend -> byPorts.computeIfAbsent(backend.ports(), ignored -> new ArrayList<>())
                        .add(backend));
        var subsets = new ArrayList<EndpointSubset>();
        byPorts.forEach((ports, group) -> subsets.add(new EndpointSubsetBuilder()
                .withAddresses(group.stream()
                        .filter(Backends.Backend::ready)
                        .map(EndpointsController::address)
                        .toList())
                .withNotReadyAddresses(group.stream()
                        .filter(backend -> !backend.ready())
                        .map(EndpointsController::address)
                        .toList())
                .withPorts(ports.stream().map(EndpointsController::port).toList())
                .build()));
        return subsets;
    }

    private static EndpointPort port(Backends.Port port) {
        return new EndpointPortBuilder()
                .withName(port.name().isEmpty() ? null : port.name())
                .withPort(port.number())
                .withProtocol(port.protocol())
                .withAppProtocol(port.appProtocol().isEmpty() ? null : port.appProtocol())
                .build();
    }

    private static EndpointAddress address(Backends.Backend backend) {
        Pod pod = backend.pod();
        return new EndpointAddressBuilder()
                .withIp(backend.address())
                .withNodeName(PodStates.node(pod).isEmpty() ? null : PodStates.node(pod))
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endTargetRef()
                .build();
    }
}
