package io.pilothouse.controllers.autoscaler;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pilothouse.machinery.quantity.Quantity;
import io.pilothouse.machinery.quota.Amounts;
import io.pilothouse.machinery.quota.PodResources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What pods request of a resource, in thousandths: what the pod itself says, else the sum of its containers, or that of one container. */
record PodRequests(KubernetesSerialization serialization) {
    Map<String, Long> of(List<Pod> pods, String container, String resource) throws MetricException {
        Map<String, Long> out = new HashMap<>();
        for (Pod pod : pods) {
            boolean whole = container.isEmpty() && saysItself(pod);
            out.put(pod.getMetadata().getName(), whole ? ofPod(pod, resource) : sum(pod, container, resource));
        }
        return out;
    }

    private static boolean saysItself(Pod pod) {
        var resources = pod.getSpec().getResources();
        return resources != null
                && resources.getRequests() != null
                && resources.getRequests().keySet().stream()
                        .anyMatch(name -> name.equals("cpu") || name.equals("memory") || name.startsWith("hugepages-"));
    }

    private long ofPod(Pod pod, String resource) throws MetricException {
        JsonNode tree = serialization.convertValue(pod, JsonNode.class);
        Quantity request = PodResources.specified(tree).requests().get(resource);
        if (request == null) {
            throw new MetricException("missing pod-level request for " + resource + " in Pod "
                    + pod.getMetadata().getName());
        }
        Quantity overhead = Amounts.read(tree.path("spec").path("overhead")).getOrDefault(resource, Quantity.ZERO);
        return request.add(overhead).toMilli();
    }

    private static long sum(Pod pod, String container, String resource) throws MetricException {
        List<Container> containers = new ArrayList<>(pod.getSpec().getContainers());
        pod.getSpec().getInitContainers().stream()
                .filter(each -> "Always".equals(each.getRestartPolicy()))
                .forEach(containers::add);
        long sum = 0;
        for (Container each : containers) {
            if (container.isEmpty() || container.equals(each.getName())) {
                sum += request(pod, each, resource);
            }
            if (container.equals(each.getName())) {
                return sum;
            }
        }
        if (!container.isEmpty()) {
            throw new MetricException("container " + container + " not found in Pod "
                    + pod.getMetadata().getName());
        }
        return sum;
    }

    private static long request(Pod pod, Container container, String resource) throws MetricException {
        var resources = container.getResources();
        var request = resources == null || resources.getRequests() == null
                ? null
                : resources.getRequests().get(resource);
        if (request == null) {
            throw new MetricException("missing request for " + resource + " in container " + container.getName()
                    + " of Pod " + pod.getMetadata().getName());
        }
        return Quantity.parse(request.toString()).toMilli();
    }
}
