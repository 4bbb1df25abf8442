package io.pilothouse.worker.cri;

import java.util.List;
import java.util.Map;

/**
 * A pod's sandbox: what its containers share.
 *
 * @param attempt counts the pod's sandboxes from 0
 * @param logDirectory where containers' log paths start
 * @param dns name servers
 * @param searches domains for short names
 * @param dnsOptions resolver options
 */
public record SandboxSpec(
        String name,
        String namespace,
        String uid,
        int attempt,
        String hostname,
        String logDirectory,
        List<String> dns,
        List<String> searches,
        List<String> dnsOptions,
        List<Port> ports,
        Map<String, String> labels,
        Map<String, String> annotations,
        Map<String, String> sysctls,
        Shared shared,
        String cgroupParent) {
    /** Which of the host's namespaces the pod uses, and whether its containers see each other's processes. */
    public record Shared(
            boolean hostNetwork, boolean hostPid, boolean hostIpc, boolean processes, boolean privileged) {}

    /** A port of the host that leads to the pod. */
    public record Port(String protocol, int containerPort, int hostPort, String hostIp) {}

    /** Copies what could change. */
    public SandboxSpec {
        dns = List.copyOf(dns);
        searches = List.copyOf(searches);
        dnsOptions = List.copyOf(dnsOptions);
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        sysctls = Map.copyOf(sysctls);
    }
}
