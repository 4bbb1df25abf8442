package io.pilothouse.scheduler.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;

/**
 * A pod with what the scheduler reads of it again and again.
 *
 * @param requests see {@link Requests}
 */
public record PodInfo(Pod pod, Map<String, Long> requests, List<HostPort> ports) {
    /** A port of the node that a pod takes. */
    public record HostPort(String address, String protocol, int port) {
        /** Whether two cannot be on one node. */
        public boolean collides(HostPort other) {
            return port == other.port
                    && protocol.equals(other.protocol)
                    && (isAny() || other.isAny() || address.equals(other.address));
        }

        private boolean isAny() {
            return address.equals("0.0.0.0");
        }
    }

    /** Reads a pod. */
    public static PodInfo of(Pod pod) {
        boolean hostNetwork = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
        var ports = pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .map(port -> new HostPort(
                        port.getHostIP() == null || port.getHostIP().isEmpty() ? "0.0.0.0" : port.getHostIP(),
                        port.getProtocol() == null ? "TCP" : port.getProtocol(),
                        port.getHostPort() != null ? port.getHostPort() : hostNetwork ? port.getContainerPort() : 0))
                .filter(port -> port.port > 0)
                .toList();
        return new PodInfo(pod, Requests.of(pod), ports);
    }

    /** The priority. */
    public int priority() {
        Integer priority = pod.getSpec().getPriority();
        return priority == null ? 0 : priority;
    }

    /** The uid. */
    public String uid() {
        return pod.getMetadata().getUid();
    }

    /** The namespace. */
    public String namespace() {
        return pod.getMetadata().getNamespace();
    }

    /** The labels; none if none. */
    public Map<String, String> labels() {
        var labels = pod.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }
}
