package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.quantity.Quantity;
import io.pilothouse.machinery.quota.PodResources;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;

/** PodResizeValidator: a pod grows only within what its node can give. */
public final class PodResize implements AdmissionPlugin {
    private static final GroupResource NODES = new GroupResource("", "nodes");

    private final ClusterView cluster;

    public PodResize(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "PodResizeValidator";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var pod = request.object();
        var old = request.old();
        if (pod == null
                || old == null
                || !request.updates()
                || !request.is("", "pods")
                || !request.subresource().equals("resize")
                || ObjectMeta.generation(pod) == ObjectMeta.generation(old)) {
            return;
        }
        String name = pod.path("spec").path("nodeName").asText("");
        if (name.isEmpty()) {
            return;
        }
        var node = cluster.find(NODES, "", name)
                .orElseThrow(() -> request.forbidden("node " + GoText.quote(name) + " not found"));
        String system = ObjectMeta.label(node, "kubernetes.io/os").orElse("linux");
        if (!system.equals("linux")) {
            throw refusal(
                    request,
                    "pod resize is only supported on linux nodes, node " + GoText.quote(name) + " is "
                            + GoText.quote(system),
                    "UnsupportedPlatform");
        }
        within(request, pod, node.path("status").path("allocatable"));
    }

    private static void within(AdmissionRequest request, ObjectNode pod, JsonNode allocatable) {
        var requests = PodResources.counted(pod).requests();
        List<String> over = new ArrayList<>();
        var cpu = requests.getOrDefault("cpu", Quantity.ZERO);
        var cpuLimit = Quantity.parse(allocatable.path("cpu").asText("0"));
        if (cpu.compareTo(cpuLimit) > 0) {
            over.add("cpu, requested: " + cpu.toMilli() + ", allocatable: " + cpuLimit.toMilli());
        }
        var memory = requests.getOrDefault("memory", Quantity.ZERO);
        var memoryLimit = Quantity.parse(allocatable.path("memory").asText("0"));
        if (memory.compareTo(memoryLimit) > 0) {
            over.add("memory, requested: " + memory.toLong() + ", allocatable: " + memoryLimit.toLong());
        }
        if (!over.isEmpty()) {
            throw refusal(
                    request,
                    "node didn't have enough allocatable resources: " + String.join("; ", over),
                    "NodeCapacity");
        }
    }

    private static StatusException refusal(AdmissionRequest request, String why, String cause) {
        var resource = request.groupResource();
        return new StatusException(Status.failure(
                403,
                "Forbidden",
                request.forbidden(why).status().message(),
                new Status.Details(
                        request.shownName(),
                        resource.group(),
                        resource.resource(),
                        "",
                        List.of(new Status.Cause(cause, "", "")),
                        0)));
    }
}
