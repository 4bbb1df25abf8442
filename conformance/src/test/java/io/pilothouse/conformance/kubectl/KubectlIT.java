package io.pilothouse.conformance.kubectl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user types, with every kubectl that is found, in a namespace for each: everything with the chosen versions, what writes objects
 * with the others. Exec, cp, debug, attach and port-forward need containers that run; the nodes here simulate theirs, so these commands are left
 * to {@code RoadIT}, which has real ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlIT {
    private Path directory = Path.of("");
    private Map<String, Path> kubectls = Map.of();
    private Set<String> chosen = Set.of();
    private @Nullable Cluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        this.directory = directory;
        kubectls = Clients.kubectls();
        chosen = Clients.chosenKubectls().keySet();
        if (kubectls.isEmpty()) {
            System.out.println("skipped: there is no kubectl on this machine");
            Assumptions.abort("no kubectl");
        }
        cluster = new Cluster(directory);
    }

    @AfterAll
    void end() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @TestFactory
    Stream<DynamicContainer> commands() {
        var running = Objects.requireNonNull(cluster);
        return kubectls.entrySet().stream().map(kubectl -> {
            try {
                return DynamicContainer.dynamicContainer("kubectl " + kubectl.getKey(), tests(running, kubectl));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private Stream<DynamicTest> tests(Cluster running, Map.Entry<String, Path> kubectl) throws IOException {
        var namespace = kubectl.getKey().replaceAll("[^a-z0-9]", "-");
        var terminal = Terminal.open(
                directory.resolve(kubectl.getKey()),
                running.kubeconfig("admin", namespace),
                Map.of("kubectl", kubectl.getValue()));
        var begin = DynamicTest.dynamicTest("begin", () -> {
            terminal.succeeds("kubectl create namespace " + namespace);
            terminal.succeeds("kubectl wait --for=condition=Ready node/node-a node/node-b --timeout=30s");
            terminal.succeeds("until kubectl get serviceaccount default; do sleep 0.1; done");
        });
        var end = DynamicTest.dynamicTest(
                "end", () -> terminal.succeeds("kubectl delete namespace " + namespace + " --wait=false"));
        var write = new WriteCommands(terminal);
        if (!chosen.contains(kubectl.getKey())) {
            return Stream.of(Stream.of(begin), write.tests(), Stream.of(end)).flatMap(tests -> tests);
        }
        return Stream.of(
                        Stream.of(begin),
                        write.tests(),
                        new ReadCommands(terminal).tests(),
                        new AccessCommands(terminal, running.pki()).tests(),
                        new WorkloadCommands(terminal).tests(),
                        new NodeCommands(terminal).tests(),
                        Stream.of(end))
                .flatMap(tests -> tests);
    }
}
