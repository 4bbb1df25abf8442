package io.pilothouse.worker.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the agent runs with.
 *
 * @param identity who and where the node is
 * @param labels besides those that every node has
 * @param taints at registration
 * @param clusterDns the cluster's name server; empty for none
 * @param directory the agent's files
 * @param port the kubelet server's
 * @param cgroup the parent of the pods' control groups
 */
public record NodeSettings(
        Identity identity,
        Map<String, String> labels,
        List<Taint> taints,
        int maxPods,
        String clusterDns,
        Path directory,
        int port,
        String cgroup) {
    /** The domain of the cluster's services. */
    public static final String CLUSTER_DOMAIN = "cluster.local";

    /** Copies what could change. */
    public NodeSettings {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
    }

    /**
     * The node.
     *
     * @param name the node's name, on EC2 the private DNS name
     * @param address its InternalIP
     * @param providerId {@code aws:///ZONE/INSTANCE}, or empty
     * @param podRange the addresses for pods, as 10.40.1.0/26; empty for none
     */
    public record Identity(
            String name,
            String address,
            String providerId,
            String zone,
            String region,
            String instanceType,
            String podRange) {}

    /** A taint. */
    public record Taint(String key, String value, String effect) {
        /**
         * From {@code key=value:effect} or {@code key:effect}.
         *
         * @throws IllegalArgumentException when it is not of that form
         */
        public static Taint parse(String text) {
            int colon = text.lastIndexOf(':');
            if (colon < 1
                    || !List.of("NoSchedule", "PreferNoSchedule", "NoExecute").contains(text.substring(colon + 1))) {
                throw new IllegalArgumentException("taint \"" + text + "\" is not key=value:effect");
            }
            String[] pair = text.substring(0, colon).split("=", 2);
            return new Taint(pair[0], pair.length > 1 ? pair[1] : "", text.substring(colon + 1));
        }
    }
}
