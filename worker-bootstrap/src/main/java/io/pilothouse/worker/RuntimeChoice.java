package io.pilothouse.worker;

import io.pilothouse.worker.config.NodeOptions;
import io.pilothouse.worker.config.NodeSettings;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.cri.Containerd;
import io.pilothouse.worker.cri.CriRuntime;
import io.pilothouse.worker.cri.Shell;
import io.pilothouse.worker.cri.SimulatedRuntime;
import io.pilothouse.worker.image.HostImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime for this machine.
 *
 * @param note what users should know of it; empty for nothing
 * @param own the containerd that the agent keeps running, if it is its own
 */
record RuntimeChoice(ContainerRuntime runtime, String note, Optional<Containerd> own) {
    private static final Logger log = LoggerFactory.getLogger(RuntimeChoice.class);

    static RuntimeChoice make(NodeOptions options, NodeSettings settings, Map<String, String> environment, Clock clock)
            throws IOException, InterruptedException {
        if (options.runtimeEndpoint != null) {
            return new RuntimeChoice(new CriRuntime(options.runtimeEndpoint), "", Optional.empty());
        }
        String missing = options.runtime.equals("simulated") ? "it was asked for" : Containerd.missing();
        if (missing.isEmpty() && settings.identity().podRange().isEmpty()) {
            missing = "there is no address range for pods (--pod-cidr)";
        }
        if (!missing.isEmpty()) {
            if (options.runtime.equals("containerd")) {
                throw new IllegalArgumentException("containerd can't be used: " + missing);
            }
            log.atWarn().addKeyValue("reason", missing).log("pods are simulated: nothing runs");
            return new RuntimeChoice(
                    new SimulatedRuntime(
                            settings.identity().address(), settings.identity().podRange(), clock),
                    "pods are simulated, nothing runs: " + missing,
                    Optional.empty());
        }
        boolean instance =
                !environment.getOrDefault("PILOTHOUSE_INSTANCE_ROOT", "").isEmpty();
        Path directory = Files.createDirectories(settings.directory().resolve("containerd"));
        Containerd containerd = containerd(
                directory,
                Containerd.usualSocket(directory, instance),
                instance,
                settings.identity().podRange(),
                options.imageDirectory(environment));
        routePods(settings.identity().address());
        return new RuntimeChoice(new CriRuntime(containerd.socket()), "", Optional.of(containerd));
    }

    static Containerd containerd(Path directory, Path socket, boolean instance, String podRange, Optional<Path> images)
            throws IOException, InterruptedException {
        Containerd containerd = new Containerd(directory, socket, instance);
        containerd.start(podRange, HostImages.PAUSE);
        if (images.isPresent()) {
            containerd.importImages(images.get());
        }
        return containerd;
    }

    /** Others on the node's link reach its pods through the node: it forwards, and answers for them. */
    static void routePods(String address) throws IOException {
        Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
        for (String line :
                Shell.run(Map.of(), "ip", "-o", "-4", "addr", "show").lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length > 3 && words[3].startsWith(address + "/") && !words[1].equals("lo")) {
                Files.writeString(Path.of("/proc/sys/net/ipv4/conf/" + words[1] + "/proxy_arp"), "1");
            }
        }
    }
}
