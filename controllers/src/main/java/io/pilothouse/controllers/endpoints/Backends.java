package io.pilothouse.controllers.endpoints;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.pods.PodStates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/** The pods behind a service and their ports. */
final class Backends {
    /** A port of the service on one pod. */
    record Port(String name, String protocol, int number, String appProtocol) {}

    /** A pod that is behind the service. */
    record Backend(Pod pod, boolean ready, boolean serving, boolean terminating, List<Port> ports) {
        String address() {
            return pod.getStatus().getPodIP();
        }
    }

    private Backends() {}

    static boolean isSelecting(Service service) {
        return service.getSpec().getSelector() != null
                && !service.getSpec().getSelector().isEmpty()
                && !"ExternalName".equals(service.getSpec().getType());
    }

    static boolean isHeadless(Service service) {
        return "None".equals(service.getSpec().getClusterIP());
    }

    /** All pods behind the service that have an address and have not finished, by name. */
    static List<Backend> of(Service service, Collection<Pod> pods) {
        boolean always = Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
        return pods.stream()
                .filter(pod -> Selectors.matchesAll(
                        service.getSpec().getSelector(), pod.getMetadata().getLabels()))
                .filter(pod -> pod.getStatus() != null
                        && pod.getStatus().getPodIP() != null
                        && !pod.getStatus().getPodIP().isEmpty())
                .filter(pod -> !PodStates.isFinished(pod))
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .map(pod -> {
                    boolean serving = PodStates.isReady(pod);
                    boolean terminating = Owners.isDeleting(pod);
                    return new Backend(
                            pod, always || (serving && !terminating), serving, terminating, ports(service, pod));
                })
                .toList();
    }

    private static List<Port> ports(Service service, Pod pod) {
        var ports = new ArrayList<Port>();
        for (ServicePort port : service.getSpec().getPorts()) {
            number(port, pod)
                    .ifPresent(number -> ports.add(new Port(
                            Objects.requireNonNullElse(port.getName(), ""),
                            Objects.requireNonNullElse(port.getProtocol(), "TCP"),
                            number,
                            Objects.requireNonNullElse(port.getAppProtocol(), ""))));
        }
        return ports;
    }

    private static OptionalInt number(ServicePort port, Pod pod) {
        var target = port.getTargetPort();
        if (target == null) {
            return OptionalInt.of(port.getPort());
        }
        if (target.getIntVal() != null) {
            return OptionalInt.of(target.getIntVal() == 0 ? port.getPort() : target.getIntVal());
        }
        for (Container container : pod.getSpec().getContainers()) {
            for (ContainerPort offered : container.getPorts()) {
                if (target.getStrVal().equals(offered.getName())
                        && Objects.equals(
                                Objects.requireNonNullElse(port.getProtocol(), "TCP"),
                                Objects.requireNonNullElse(offered.getProtocol(), "TCP"))) {
                    return OptionalInt.of(offered.getContainerPort());
                }
            }
        }
        return OptionalInt.empty();
    }
}
