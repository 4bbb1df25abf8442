package io.pilothouse.apiserver.admission.podsecurity;

import static io.pilothouse.apiserver.admission.podsecurity.PodView.named;
import static io.pilothouse.apiserver.admission.podsecurity.PodView.plural;
import static io.pilothouse.apiserver.admission.podsecurity.PodView.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks of what a pod shares with its host. */
final class HostChecks {
    /** The safe sysctls, by the minor version since when they are. */
    private static final Map<String, Integer> SYSCTLS = Map.ofEntries(
            Map.entry("kernel.shm_rmid_forced", 0),
            Map.entry("net.ipv4.ip_local_port_range", 0),
            Map.entry("net.ipv4.tcp_syncookies", 0),
            Map.entry("net.ipv4.ping_group_range", 0),
            Map.entry("net.ipv4.ip_unprivileged_port_start", 0),
            Map.entry("net.ipv4.ip_local_reserved_ports", 27),
            Map.entry("net.ipv4.tcp_keepalive_time", 29),
            Map.entry("net.ipv4.tcp_fin_timeout", 29),
            Map.entry("net.ipv4.tcp_keepalive_intvl", 29),
            Map.entry("net.ipv4.tcp_keepalive_probes", 29),
            Map.entry("net.ipv4.tcp_rmem", 32),
            Map.entry("net.ipv4.tcp_wmem", 32));

    private HostChecks() {}

    static Optional<Finding> namespaces(PodView pod) {
        List<String> shared = new ArrayList<>();
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (pod.spec().path(field).asBoolean()) {
                shared.add(field + "=true");
            }
        }
        return shared.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding("host namespaces", String.join(", ", shared)));
    }

    static Optional<Finding> paths(PodView pod) {
        List<String> volumes = new ArrayList<>();
        for (var volume : pod.spec().path("volumes")) {
            if (volume.hasNonNull("hostPath")) {
                volumes.add(volume.path("name").asText(""));
            }
        }
        return volumes.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "hostPath volumes", plural("volume", "volumes", volumes.size()) + " " + quoted(volumes)));
    }

    static Optional<Finding> ports(PodView pod) {
        // Sorted as texts, as upstream sorts them.
        var ports = new TreeSet<String>();
        var bad = pod.containers(c -> {
            boolean uses = false;
            for (var port : c.path("ports")) {
                if (port.path("hostPort").asInt() != 0) {
                    ports.add(port.path("hostPort").asText());
                    uses = true;
                }
            }
            return uses;
        });
        return bad.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "hostPort",
                        named(bad) + " " + plural("uses", "use", bad.size()) + " "
                                + plural("hostPort", "hostPorts", ports.size()) + " " + String.join(", ", ports)));
    }

    static Optional<Finding> probes(PodView pod) {
        var hosts = new TreeSet<String>();
        var bad = new TreeSet<>(pod.containers(c -> {
            var own = new TreeSet<String>();
            for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
                addHosts(c.path(probe), own);
            }
            addHosts(c.path("lifecycle").path("postStart"), own);
            addHosts(c.path("lifecycle").path("preStop"), own);
            hosts.addAll(own);
            return !own.isEmpty();
        }));
        return bad.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "probe or lifecycle host",
                        named(List.copyOf(bad)) + " " + plural("uses", "use", bad.size()) + " "
                                + plural("probe or lifecycle host", "probe or lifecycle hosts", hosts.size()) + " "
                                + quoted(hosts)));
    }

    private static void addHosts(JsonNode handler, Set<String> hosts) {
        for (String kind : List.of("httpGet", "tcpSocket")) {
            String host = handler.path(kind).path("host").asText("");
            if (!host.isEmpty()) {
                hosts.add(host);
            }
        }
    }

    static Optional<Finding> sysctls(PodView pod, int minor) {
        List<String> forbidden = new ArrayList<>();
        for (var sysctl : pod.spec().path("securityContext").path("sysctls")) {
            String name = sysctl.path("name").asText("");
            if (SYSCTLS.getOrDefault(name, Integer.MAX_VALUE) > minor) {
                forbidden.add(name);
            }
        }
        return forbidden.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding("forbidden sysctls", String.join(", ", forbidden)));
    }

    static Optional<Finding> windowsProcess(PodView pod) {
        List<String> setters = new ArrayList<>();
        if (isHostProcess(pod.spec())) {
            setters.add("pod");
        }
        var bad = pod.containers(HostChecks::isHostProcess);
        if (!bad.isEmpty()) {
            setters.add(named(bad));
        }
        return setters.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "hostProcess",
                        String.join(" and ", setters)
                                + " must not set securityContext.windowsOptions.hostProcess=true"));
    }

    private static boolean isHostProcess(JsonNode holder) {
        return holder.path("securityContext")
                .path("windowsOptions")
                .path("hostProcess")
                .asBoolean();
    }
}
