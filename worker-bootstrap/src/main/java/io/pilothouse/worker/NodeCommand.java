package io.pilothouse.worker;

import io.pilothouse.worker.aws.InstanceMetadata;
import io.pilothouse.worker.config.NodeConfig;
import io.pilothouse.worker.config.NodeOptions;
import io.pilothouse.worker.config.UserDataParts;
import io.pilothouse.worker.image.BuildImagesCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pilothouse node}: the agent that makes a machine a node, until it is told to end. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {BuildImagesCommand.class, RuntimeCommand.class},
        description = "Makes this machine a node of a cluster: registers it and runs its pods.")
public final class NodeCommand implements Callable<Integer> {
    @Mixin
    private NodeOptions options = new NodeOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Clock clock = Clock.systemUTC();
        InstanceMetadata metadata =
                options.instanceMetadata && !options.check ? InstanceMetadata.ofEnvironment(clock) : null;
        CountDownLatch ended = new CountDownLatch(1);
        NodeAgent agent;
        try {
            options.check();
            if (options.check) {
                return 0;
            }
            agent = NodeAgent.start(options, nodeConfig(metadata), metadata, System.getenv(), clock);
        } catch (IllegalArgumentException e) {
            if (spec == null) {
                throw e;
            }
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            agent.close();
                            ended.countDown();
                        },
                        "shutdown"));
        ended.await();
        LoggerFactory.getLogger(NodeCommand.class).info("node agent ended");
        return 0;
    }

    private Optional<NodeConfig> nodeConfig(@Nullable InstanceMetadata metadata) throws IOException {
        String source = options.nodeConfig;
        if (source == null) {
            if (options.kubeconfig == null) {
                throw new IllegalArgumentException("one of --kubeconfig and --node-config is needed");
            }
            return Optional.empty();
        }
        byte[] data;
        if (!source.equals("imds")) {
            data = Files.readAllBytes(Path.of(source));
        } else if (metadata != null) {
            data = metadata.read("user-data").getBytes(StandardCharsets.UTF_8);
        } else {
            throw new IllegalArgumentException("--node-config imds needs instance metadata");
        }
        List<String> documents = UserDataParts.nodeConfigs(data);
        if (documents.isEmpty()) {
            throw new IllegalArgumentException("no NodeConfig in " + source);
        }
        NodeConfig config = NodeConfig.merge(documents);
        new picocli.CommandLine(options).parseArgs(config.kubeletFlags().toArray(String[]::new));
        return Optional.of(config);
    }
}
