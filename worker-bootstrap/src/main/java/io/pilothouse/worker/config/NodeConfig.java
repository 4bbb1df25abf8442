package io.pilothouse.worker.config;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * nodeadm's NodeConfig (node.eks.aws/v1alpha1), as far as this agent acts on it; what it does not is refused.
 *
 * @param access the cluster
 * @param clusterDns the tenth address of the service range
 * @param kubeletFlags {@code --name=value} each
 * @param maxPods from the kubelet's configuration; 0 when not given
 */
public record NodeConfig(ClusterAccess access, String clusterDns, List<String> kubeletFlags, int maxPods) {
    private static final Map<String, Set<String>> KNOWN = Map.of(
            "", Set.of("apiVersion", "kind", "metadata", "spec"),
            "spec", Set.of("cluster", "kubelet"),
            "spec.cluster", Set.of("name", "apiServerEndpoint", "certificateAuthority", "cidr"),
            "spec.kubelet", Set.of("config", "flags"),
            "spec.kubelet.config", Set.of("maxPods", "clusterDNS"));

    /** Copies the flags. */
    public NodeConfig {
        kubeletFlags = List.copyOf(kubeletFlags);
    }

    /**
     * Merges documents in order: maps by key, all else by the later one.
     *
     * @throws IOException that lists every mistake
     */
    public static NodeConfig merge(List<String> documents) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String document : documents) {
            try {
                mergeInto(all, KubeConfig.map(new Yaml(new SafeConstructor(new LoaderOptions())).load(document)));
            } catch (YAMLException e) {
                throw new IOException("NodeConfig is not YAML: " + e.getMessage(), e);
            }
        }
        List<String> mistakes = new ArrayList<>();
        if (!KubeConfig.text(all, "apiVersion").equals("node.eks.aws/v1alpha1")
                || !KubeConfig.text(all, "kind").equals("NodeConfig")) {
            mistakes.add("apiVersion node.eks.aws/v1alpha1 and kind NodeConfig are expected");
        }
        check(all, "", mistakes);
        Map<?, ?> spec = KubeConfig.map(all.get("spec"));
        Map<?, ?> cluster = KubeConfig.map(spec.get("cluster"));
        Map<?, ?> kubelet = KubeConfig.map(spec.get("kubelet"));
        for (String field : List.of("name", "apiServerEndpoint", "certificateAuthority", "cidr")) {
            if (KubeConfig.text(cluster, field).isEmpty()) {
                mistakes.add("spec.cluster." + field + " is missing");
            }
        }
        String authority = "";
        String dns = "";
        try {
            authority = new String(
                    Base64.getDecoder().decode(KubeConfig.text(cluster, "certificateAuthority")),
                    StandardCharsets.UTF_8);
            dns = dnsOf(KubeConfig.text(cluster, "cidr"));
        } catch (IllegalArgumentException e) {
            mistakes.add("spec.cluster: " + e.getMessage());
        }
        if (!mistakes.isEmpty()) {
            throw new IOException("NodeConfig: " + String.join("; ", mistakes));
        }
        Map<?, ?> config = KubeConfig.map(kubelet.get("config"));
        List<String> flags = kubelet.get("flags") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
        String named = config.get("clusterDNS") instanceof List<?> list && !list.isEmpty()
                ? String.valueOf(list.getFirst())
                : dns;
        return new NodeConfig(
                new ClusterAccess(
                        KubeConfig.text(cluster, "name"),
                        URI.create(KubeConfig.text(cluster, "apiServerEndpoint")),
                        authority,
                        ""),
                named,
                flags,
                config.get("maxPods") instanceof Integer pods ? pods : 0);
    }

    private static void mergeInto(Map<String, Object> target, Map<?, ?> source) {
        source.forEach((key, value) -> {
            if (value instanceof Map<?, ?> map) {
                Map<String, Object> merged = new LinkedHashMap<>();
                mergeInto(merged, KubeConfig.map(target.get(String.valueOf(key))));
                mergeInto(merged, map);
                target.put(String.valueOf(key), merged);
            } else if (value != null) {
                target.put(String.valueOf(key), value);
            }
        });
    }

    private static void check(Map<?, ?> node, String path, List<String> mistakes) {
        Set<String> known = KNOWN.get(path);
        if (known == null) {
            return;
        }
        for (Object key : new TreeSet<Object>(node.keySet())) {
            String below = path.isEmpty() ? key.toString() : path + "." + key;
            if (!known.contains(key.toString())) {
                mistakes.add(below + " is not supported by this agent");
            } else {
                check(KubeConfig.map(node.get(key)), below, mistakes);
            }
        }
    }

    /** The service range's tenth address, for IPv4. */
    static String dnsOf(String cidr) {
        if (!cidr.matches("\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}")) {
            throw new IllegalArgumentException("\"" + cidr + "\" is not an IPv4 range");
        }
        String[] parts = cidr.split("[./]", -1);
        long address = 0;
        for (int i = 0; i < 4; i++) {
            address = address << 8 | Integer.parseInt(parts[i]);
        }
        int bits = Integer.parseInt(parts[4]);
        long tenth = (address & 0xffffffffL << (32 - bits)) + 10;
        return (tenth >>> 24 & 255) + "." + (tenth >>> 16 & 255) + "." + (tenth >>> 8 & 255) + "." + (tenth & 255);
    }
}
