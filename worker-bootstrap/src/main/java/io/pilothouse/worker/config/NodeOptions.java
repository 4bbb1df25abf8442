package io.pilothouse.worker.config;

import io.pilothouse.worker.aws.InstanceMetadata;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The agent's flags; those that the kubelet has too are named and mean as there. */
public final class NodeOptions {
    @Option(names = "--kubeconfig", description = "How to reach the cluster; bootstrap.sh writes it.")
    public @Nullable Path kubeconfig;

    @Option(
            names = "--node-config",
            description = "A NodeConfig file, or imds for the instance's user data, in place of --kubeconfig.")
    public @Nullable String nodeConfig;

    @Option(
            names = "--root-dir",
            description = "The agent's files. Default: $PILOTHOUSE_INSTANCE_ROOT, else /var/lib/pilothouse-node.")
    public @Nullable Path rootDirectory;

    @Option(
            names = "--hostname-override",
            description = "The node's name, in place of the instance's private DNS name.")
    public @Nullable String hostname;

    @Option(names = "--node-ip", description = "The node's address, in place of the instance's.")
    public @Nullable String nodeIp;

    @Option(names = "--provider-id", description = "In place of aws:///ZONE/INSTANCE.")
    public @Nullable String providerId;

    @Option(names = "--node-labels", split = ",", description = "Labels, key=value.")
    public Map<String, String> labels = new LinkedHashMap<>();

    @Option(names = "--register-with-taints", split = ",", description = "Taints, key=value:effect.")
    public List<String> taints = new ArrayList<>();

    @Option(
            names = "--max-pods",
            description = "How many pods the node takes. Default: what its address range holds, at most 110.")
    public int maxPods;

    @Option(names = "--cluster-dns", description = "The cluster's name server.")
    public @Nullable String clusterDns;

    @Option(names = "--pod-cidr", description = "Addresses for pods, in place of the instance's ipv4-prefix.")
    public @Nullable String podCidr;

    @Option(names = "--port", defaultValue = "10250", description = "The kubelet server's port.")
    public int port = 10250;

    @Option(
            names = "--tls-cert-file",
            description = "A certificate for the kubelet server, in place of one from the cluster.")
    public @Nullable Path tlsCertificate;

    @Option(names = "--tls-private-key-file", description = "Its key.")
    public @Nullable Path tlsKey;

    @Option(
            names = "--instance-metadata",
            defaultValue = "true",
            negatable = true,
            fallbackValue = "true",
            description = "Whether to ask EC2's instance metadata.")
    public boolean instanceMetadata = true;

    @Option(
            names = "--runtime",
            defaultValue = "auto",
            description = "containerd, simulated, or auto: containerd where there is one and we are root.")
    public String runtime = "auto";

    @Option(
            names = "--container-runtime-endpoint",
            description = "Socket of a running containerd; else the agent starts its own.")
    public @Nullable Path runtimeEndpoint;

    @Option(
            names = "--images",
            description =
                    "Folder of image tarballs to import at the start. Default: $PILOTHOUSE_IMAGES, else $PILOTHOUSE_HOME/.pilothouse/images.")
    public @Nullable Path images;

    @Option(
            names = "--service-proxy",
            defaultValue = "true",
            negatable = true,
            fallbackValue = "true",
            description = "Whether to carry services' addresses to pods (needs nft).")
    public boolean serviceProxy = true;

    @Option(
            names = "--check",
            description = "Only looks at the arguments: ends with status 0 when they can be used, else with 2.")
    public boolean check;

    /** @throws IllegalArgumentException for values that can't be used */
    public void check() {
        taints.forEach(NodeSettings.Taint::parse);
        if (!java.util.Set.of("auto", "containerd", "simulated").contains(runtime)) {
            throw new IllegalArgumentException("--runtime is containerd, simulated or auto");
        }
        if (podCidr != null && !podCidr.matches("\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}")) {
            throw new IllegalArgumentException("--pod-cidr \"" + podCidr + "\" is not an IPv4 range");
        }
        if ((tlsCertificate == null) != (tlsKey == null)) {
            throw new IllegalArgumentException("--tls-cert-file and --tls-private-key-file go together");
        }
    }

    /** The folder for everything. */
    public Path directory(Map<String, String> environment) {
        if (rootDirectory != null) {
            return rootDirectory.toAbsolutePath();
        }
        String instance = environment.getOrDefault("PILOTHOUSE_INSTANCE_ROOT", "");
        return instance.isEmpty()
                ? Path.of("/var/lib/pilothouse-node")
                : Path.of(instance).toAbsolutePath();
    }

    /** Where images to import are; there need not be any. */
    public Optional<Path> imageDirectory(Map<String, String> environment) {
        if (images != null) {
            return Optional.of(images);
        }
        if (!environment.getOrDefault("PILOTHOUSE_IMAGES", "").isEmpty()) {
            return Optional.of(Path.of(environment.get("PILOTHOUSE_IMAGES")));
        }
        String home = environment.getOrDefault("PILOTHOUSE_HOME", "");
        return home.isEmpty() ? Optional.empty() : Optional.of(Path.of(home, ".pilothouse", "images"));
    }

    /**
     * What the node runs with.
     *
     * @param metadata null for a machine that is no instance
     * @throws IllegalArgumentException for a wrong flag
     */
    public NodeSettings settings(
            @Nullable InstanceMetadata metadata, Optional<NodeConfig> config, Map<String, String> environment)
            throws IOException {
        NodeSettings.Identity identity = identity(metadata, environment);
        int pods = maxPods > 0
                ? maxPods
                : config.map(NodeConfig::maxPods).filter(n -> n > 0).orElse(defaultPods(identity.podRange()));
        String dns = clusterDns != null
                ? clusterDns
                : config.map(NodeConfig::clusterDns).orElse("");
        return new NodeSettings(
                identity,
                labels,
                taints.stream().map(NodeSettings.Taint::parse).toList(),
                pods,
                dns,
                directory(environment),
                port,
                "/pilothouse/" + environment.getOrDefault("PILOTHOUSE_INSTANCE_ID", identity.name()));
    }

    private NodeSettings.Identity identity(@Nullable InstanceMetadata metadata, Map<String, String> environment)
            throws IOException {
        String region = environment.getOrDefault("AWS_REGION", "");
        if (metadata == null) {
            String ip = nodeIp != null ? nodeIp : InetAddress.getLocalHost().getHostAddress();
            String name =
                    hostname != null ? hostname : InetAddress.getLocalHost().getHostName();
            return new NodeSettings.Identity(name, ip, orElse(providerId, ""), "", region, "", orElse(podCidr, ""));
        }
        String zone = metadata.read("meta-data/placement/availability-zone");
        String mac = metadata.read("meta-data/mac");
        String instance = metadata.read("meta-data/instance-id");
        return new NodeSettings.Identity(
                orElse(hostname, metadata.read("meta-data/local-hostname").split(" ", 2)[0]),
                orElse(nodeIp, metadata.read("meta-data/local-ipv4")),
                orElse(providerId, "aws:///" + zone + "/" + instance),
                zone,
                metadata.find("meta-data/placement/region").orElse(region),
                metadata.read("meta-data/instance-type"),
                orElse(
                        podCidr,
                        metadata.find("meta-data/network/interfaces/macs/" + mac + "/ipv4-prefix")
                                .orElse("")
                                .lines()
                                .findFirst()
                                .orElse("")));
    }

    private static String orElse(@Nullable String given, String other) {
        return given == null ? other : given;
    }

    /** What a range holds besides the gateway and the ends. */
    static int defaultPods(String range) {
        int slash = range.indexOf('/');
        if (slash < 0) {
            return 110;
        }
        int bits = 32 - Integer.parseInt(range.substring(slash + 1));
        return bits > 8 ? 110 : Math.max(1, Math.min(110, (1 << bits) - 3));
    }
}
