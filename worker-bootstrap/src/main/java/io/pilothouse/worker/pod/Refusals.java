package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a pod may ask for and this node can't give: told on the pod, never passed over. */
final class Refusals {
    private static final Set<String> SAFE_SYSCTLS = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_wmem");

    private Refusals() {}

    /** Sysctls that could harm the node or other pods. */
    static List<String> unsafeSysctls(JsonNode pod) {
        return Pods.list(pod.path("spec").path("securityContext").path("sysctls")).stream()
                .map(s -> s.path("name").asText().replace('/', '.'))
                .filter(n -> !SAFE_SYSCTLS.contains(n))
                .toList();
    }

    /** All that is not supported, each with its field; empty when the pod can run. */
    static List<String> of(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        List<String> all = new ArrayList<>();
        refuse(
                all,
                spec.path("hostUsers").isBoolean() && !spec.path("hostUsers").asBoolean(),
                "spec.hostUsers: false");
        refuse(all, !spec.path("runtimeClassName").asText("").isEmpty(), "spec.runtimeClassName");
        refuse(all, spec.path("os").path("name").asText("linux").equals("windows"), "spec.os.name: windows");
        refuse(all, !spec.path("resourceClaims").isEmpty(), "spec.resourceClaims");
        security(all, spec.path("securityContext"), "spec.securityContext");
        for (JsonNode volume : spec.path("volumes")) {
            String medium = volume.path("emptyDir").path("medium").asText("");
            refuse(
                    all,
                    medium.startsWith("HugePages"),
                    "volume " + volume.path("name").asText() + " on huge pages");
        }
        for (JsonNode container : Pods.containers(pod)) {
            container(all, container);
        }
        return all;
    }

    private static void container(List<String> all, JsonNode container) {
        String name = "container " + container.path("name").asText() + ": ";
        security(all, container.path("securityContext"), name + "securityContext");
        refuse(
                all,
                container
                        .path("securityContext")
                        .path("procMount")
                        .asText("Default")
                        .equals("Unmasked"),
                name + "securityContext.procMount: Unmasked");
        refuse(all, !container.path("volumeDevices").isEmpty(), name + "volumeDevices");
        refuse(all, !container.path("resources").path("claims").isEmpty(), name + "resources.claims");
        refuse(all, !container.path("restartPolicyRules").isEmpty(), name + "restartPolicyRules");
        refuse(all, container.path("lifecycle").hasNonNull("stopSignal"), name + "lifecycle.stopSignal");
        for (JsonNode mount : container.path("volumeMounts")) {
            refuse(
                    all,
                    mount.path("recursiveReadOnly").asText("").equals("Enabled"),
                    name + "volumeMounts.recursiveReadOnly: Enabled");
        }
        container
                .path("resources")
                .path("limits")
                .fieldNames()
                .forEachRemaining(r -> refuse(
                        all, !Set.of("cpu", "memory", "ephemeral-storage").contains(r), name + "resource " + r));
    }

    private static void security(List<String> all, JsonNode context, String field) {
        refuse(
                all,
                context.path("supplementalGroupsPolicy").asText("").equals("Strict"),
                field + ".supplementalGroupsPolicy: Strict");
        refuse(all, context.path("windowsOptions").isObject(), field + ".windowsOptions");
        refuse(
                all,
                !Set.of("", "Unconfined")
                        .contains(context.path("appArmorProfile").path("type").asText("")),
                field + ".appArmorProfile");
        refuse(
                all,
                context.path("seccompProfile").path("type").asText("").equals("Localhost"),
                field + ".seccompProfile of type Localhost");
    }

    private static void refuse(List<String> all, boolean wanted, String what) {
        if (wanted) {
            all.add(what);
        }
    }
}
