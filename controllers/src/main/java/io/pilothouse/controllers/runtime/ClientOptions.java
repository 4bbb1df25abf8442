package io.pilothouse.controllers.runtime;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.pilothouse.controllers.leader.Leadership;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of components that work through the API server, one of several at a time. Durations as Go writes them. */
public final class ClientOptions {
    private static final Pattern PART = Pattern.compile("(\\d+)(h|ms|m|s)");

    private final String component;

    @Option(names = "--kubeconfig", description = "How to reach the API server and as whom")
    public @Nullable Path kubeconfig;

    @Option(names = "--master", description = "The URL of the API server; overrides the kubeconfig's")
    public @Nullable String master;

    @Option(
            names = "--leader-elect",
            arity = "0..1",
            fallbackValue = "true",
            description = "Act only while holding the Lease")
    public boolean leaderElect = true;

    @Option(names = "--leader-elect-lease-duration")
    public String leaderElectLeaseDuration = "15s";

    @Option(names = "--leader-elect-renew-deadline")
    public String leaderElectRenewDeadline = "10s";

    @Option(names = "--leader-elect-retry-period")
    public String leaderElectRetryPeriod = "2s";

    @Option(names = "--leader-elect-resource-name")
    public String leaderElectResourceName;

    @Option(names = "--leader-elect-resource-namespace")
    public String leaderElectResourceNamespace = "kube-system";

    /** The flags of {@code component}, whose name the Lease has by default. */
    public ClientOptions(String component) {
        this.component = component;
        this.leaderElectResourceName = component;
    }

    /** All that is wrong. */
    public List<String> problems() {
        var problems = new ArrayList<String>();
        if (kubeconfig == null && master == null) {
            problems.add("one of --kubeconfig and --master must be given");
        }
        if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
            problems.add("--kubeconfig: cannot read " + kubeconfig);
        }
        duration(problems, "--leader-elect-lease-duration", leaderElectLeaseDuration);
        duration(problems, "--leader-elect-renew-deadline", leaderElectRenewDeadline);
        duration(problems, "--leader-elect-retry-period", leaderElectRetryPeriod);
        if (problems.isEmpty() && leaderElect) {
            try {
                var _ = terms();
            } catch (IllegalArgumentException e) {
                problems.add("--leader-elect: " + e.getMessage());
            }
        }
        return problems;
    }

    /** Notes a value that is not a duration. */
    public static void duration(List<String> problems, String flag, String value) {
        try {
            duration(value);
        } catch (IllegalArgumentException e) {
            problems.add(flag + ": " + e.getMessage());
        }
    }

    /** Reads hours, minutes, seconds and milliseconds as Go writes them. */
    public static Duration duration(String value) {
        Matcher part = PART.matcher(value);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.lookingAt()) {
            long number = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "h" -> Duration.ofHours(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "s" -> Duration.ofSeconds(number);
                        default -> Duration.ofMillis(number);
                    });
            end = part.end();
            part.region(end, value.length());
        }
        if (value.isEmpty() || end != value.length()) {
            throw new IllegalArgumentException("not a duration: " + value);
        }
        return sum;
    }

    /**
     * A client of its own, to be closed.
     *
     * @throws IOException if the kubeconfig cannot be read
     */
    public KubernetesClient connect() throws IOException {
        Config base = kubeconfig == null ? Config.empty() : Config.fromKubeconfig(kubeconfig.toFile());
        var config = new ConfigBuilder(base)
                .withUserAgent(component)
                .withOnlyHttpWatches(true)
                .withWatchReconnectInterval(200)
                .withWatchReconnectLimit(-1)
                .withRequestRetryBackoffLimit(0)
                .withRequestTimeout(30_000)
                .withMaxConcurrentRequests(512)
                .withMaxConcurrentRequestsPerHost(512);
        if (master != null) {
            config.withMasterUrl(master);
        }
        return new KubernetesClientBuilder()
                .withConfig(config.build())
                .withKubernetesSerialization(DeepJson.serialization())
                .build();
    }

    /** Does {@code work} while this process leads; at once and always where no leader is elected. */
    public AutoCloseable lead(KubernetesClient client, Leadership.Work work) throws Exception {
        if (!leaderElect) {
            return work.start();
        }
        return new Leadership(client, terms(), work);
    }

    private Leadership.Terms terms() {
        return new Leadership.Terms(
                leaderElectResourceNamespace,
                leaderElectResourceName,
                identity(),
                duration(leaderElectLeaseDuration),
                duration(leaderElectRenewDeadline),
                duration(leaderElectRetryPeriod));
    }

    private static String identity() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return host + "_" + UUID.randomUUID();
    }
}
