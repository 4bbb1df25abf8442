package io.pilothouse.worker.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.worker.config.NodeSettings;
import io.pilothouse.worker.config.NodeSettings.Identity;
import io.pilothouse.worker.kube.ApiClient;
import java.io.File;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** Makes the Node object and its status. */
final class NodeObject {
    /** Says on the node that its pods do not really run. */
    static final String SIMULATED = "pilothouse.io/simulated-pods";

    /** The kubelet version whose behaviour the agent follows. */
    static final String VERSION = "v1.36.0";

    private final NodeSettings settings;

    NodeObject(NodeSettings settings) {
        this.settings = settings;
    }

    ObjectNode create(RuntimeInfo runtime, Instant now) throws IOException {
        ObjectNode node = ApiClient.object().put("apiVersion", "v1").put("kind", "Node");
        ObjectNode meta = metadata(runtime);
        node.set("metadata", meta.put("name", settings.identity().name()));
        ObjectNode spec = node.putObject("spec");
        if (!settings.identity().providerId().isEmpty()) {
            spec.put("providerID", settings.identity().providerId());
        }
        for (NodeSettings.Taint taint : settings.taints()) {
            ObjectNode one = spec.withArray("/taints")
                    .addObject()
                    .put("key", taint.key())
                    .put("effect", taint.effect());
            if (!taint.value().isEmpty()) {
                one.put("value", taint.value());
            }
        }
        node.set("status", status(runtime, now, now));
        return node;
    }

    ObjectNode metadata(RuntimeInfo runtime) {
        Identity id = settings.identity();
        Map<String, String> labels = new TreeMap<>(settings.labels());
        labels.put("kubernetes.io/hostname", id.name());
        for (String prefix : new String[] {"kubernetes.io/", "beta.kubernetes.io/"}) {
            labels.put(prefix + "os", "linux");
            labels.put(prefix + "arch", Machine.architecture());
        }
        putUnlessEmpty(labels, "topology.kubernetes.io/zone", id.zone());
        putUnlessEmpty(labels, "topology.kubernetes.io/region", id.region());
        putUnlessEmpty(labels, "node.kubernetes.io/instance-type", id.instanceType());
        ObjectNode metadata = ApiClient.object();
        ObjectNode labelNode = metadata.putObject("labels");
        labels.forEach(labelNode::put);
        if (runtime.simulated()) {
            labelNode.put(SIMULATED, "true");
        } else {
            labelNode.putNull(SIMULATED); // of an earlier agent, perhaps
        }
        ObjectNode annotations = metadata.putObject("annotations");
        if (runtime.simulated()) {
            annotations.put(SIMULATED, "true");
        } else {
            annotations.putNull(SIMULATED);
        }
        return metadata;
    }

    private static void putUnlessEmpty(Map<String, String> labels, String key, String value) {
        if (!value.isEmpty()) {
            labels.put(key, value);
        }
    }

    ObjectNode status(RuntimeInfo runtime, Instant now, Instant since) throws IOException {
        ObjectNode status = ApiClient.object();
        Identity id = settings.identity();
        ArrayNode addresses = status.putArray("addresses");
        addresses.addObject().put("type", "InternalIP").put("address", id.address());
        addresses.addObject().put("type", "InternalDNS").put("address", id.name());
        addresses.addObject().put("type", "Hostname").put("address", id.name());
        for (String field : new String[] {"capacity", "allocatable"}) {
            ObjectNode resources = status.putObject(field);
            resources.put("cpu", Integer.toString(Runtime.getRuntime().availableProcessors()));
            resources.put("memory", Machine.memoryKib() + "Ki");
            resources.put("ephemeral-storage", new File("/").getTotalSpace() / 1024 + "Ki");
            resources.put("pods", Integer.toString(settings.maxPods()));
        }
        conditions(
                status.putArray("conditions"),
                runtime,
                now.truncatedTo(ChronoUnit.SECONDS),
                since.truncatedTo(ChronoUnit.SECONDS));
        ObjectNode info = status.putObject("nodeInfo");
        Machine.info().forEach(info::put);
        info.put("kubeletVersion", VERSION).put("containerRuntimeVersion", runtime.version());
        status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", settings.port());
        return status;
    }

    private static void conditions(ArrayNode all, RuntimeInfo runtime, Instant now, Instant since) {
        boolean memory = runtime.pressure().memory();
        boolean disk = runtime.pressure().disk();
        boolean processes = runtime.pressure().processes();
        condition(
                all,
                "MemoryPressure",
                memory,
                memory ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
                "kubelet has " + (memory ? "insufficient" : "sufficient") + " memory available",
                now,
                since);
        condition(
                all,
                "DiskPressure",
                disk,
                disk ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure",
                "kubelet has " + (disk ? "" : "no ") + "disk pressure",
                now,
                since);
        condition(
                all,
                "PIDPressure",
                processes,
                processes ? "KubeletHasInsufficientPID" : "KubeletHasSufficientPID",
                "kubelet has " + (processes ? "insufficient" : "sufficient") + " PID available",
                now,
                since);
        if (!runtime.note().isEmpty()) {
            condition(
                    all,
                    runtime.simulated() ? "PodsSimulated" : "ResourceLimitsLimited",
                    true,
                    "ContainerRuntime",
                    runtime.note(),
                    now,
                    since);
        }
        condition(
                all,
                "Ready",
                runtime.ready(),
                runtime.ready() ? "KubeletReady" : "KubeletNotReady",
                runtime.ready() ? "kubelet is posting ready status" : "container runtime is not ready",
                now,
                since);
    }

    private static void condition(
            ArrayNode all, String type, boolean status, String reason, String message, Instant now, Instant since) {
        all.addObject()
                .put("type", type)
                .put("status", status ? "True" : "False")
                .put("lastHeartbeatTime", now.toString())
                .put("lastTransitionTime", since.toString())
                .put("reason", reason)
                .put("message", message);
    }
}
