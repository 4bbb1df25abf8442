package io.pilothouse.conformance.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.conformance.kubectl.Clients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole road with real clients, on a state folder and ports of its own, so that it runs beside a {@code make up}. The parts stand in
 * order: the region is started once, and what one part leaves broken the next one finds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RoadIT {
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration REPAIR = Duration.ofSeconds(60);

    private static final String EVIDENCE = """
            kubectl get nodes,pods -A -o wide; kubectl get events -A --sort-by=.metadata.creationTimestamp | tail -n 40
            for log in $(find "$PILOTHOUSE_STATE" -name agent.log -o -name output.log); do echo "== $log"; tail -n 15 "$log" | cut -c-400; done
            """;

    private Path state = Path.of("");
    private Shell shell = new Shell(Path.of(""), Map.of(), Path.of(""));
    private Parts parts = new Parts(Path.of(""));
    private int port;

    /** What there was when a part failed: on another machine nobody can look. */
    @RegisterExtension
    final AfterTestExecutionCallback evidence = context -> {
        if (context.getExecutionException().isPresent()) {
            System.out.println(shell.run(EVIDENCE, REPAIR).output());
        }
    };

    @BeforeAll
    void up(@TempDir Path directory) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            System.out.println("skipped: the whole road needs root (network namespaces, containerd)");
            Assumptions.abort("not root");
        }
        state = directory.resolve("state");
        port = freePorts();
        shell = new Shell(
                checkout(),
                Map.of("PILOTHOUSE_STATE", state.toString(), "PILOTHOUSE_PORT", Integer.toString(port), "DETACH", "1"),
                state.resolve("env"));
        parts = new Parts(state.resolve("region"));
        var up = shell.run("scripts/up", START);
        System.out.println(up.output());
        assertThat(up.code()).isZero();
        assertThat(up.output())
                .containsPattern("is ACTIVE after [0-9.]+ s")
                .containsPattern("Ready after [0-9.]+ s")
                .containsPattern("MiB +master");
    }

    @AfterAll
    void down() throws IOException {
        if (state.toString().isEmpty()) {
            return;
        }
        var bridges = shell.succeed("ip -o link | grep -o 'ph[0-9a-f]*' | sort -u || true");
        var down = shell.run("scripts/down", Duration.ofMinutes(2));
        assertThat(down.code()).as(down.output()).isZero();
        assertThat(parts.all()).isEmpty();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(state.toString());
        var left = new TreeSet<>(shell.succeed("ip -o link | grep -o 'ph[0-9a-f]*' | sort -u || true")
                .lines()
                .toList());
        assertThat(bridges.lines().filter(b -> !left.contains(b)))
                .as("the region's own bridge is gone")
                .isNotEmpty();
        assertThat(shell.run("scripts/down", Duration.ofMinutes(1)).output()).contains("nothing is running");
    }

    @Test
    @Order(1)
    void theClusterIsActiveAndTheSampleRunsOnTwoReadyWorkers() {
        assertThat(shell.succeed("aws eks describe-cluster --name demo --query cluster.status --output text"))
                .isEqualTo("ACTIVE");
        assertThat(shell.succeed("kubectl get nodes --no-headers").lines())
                .hasSize(2)
                .allMatch(line -> line.matches("\\S+ +Ready .*"));
        assertThat(shell.succeed("kubectl get pods -A -o wide --no-headers | grep sample")
                        .lines())
                .hasSize(2)
                .allMatch(line -> line.contains("Running"));
        assertThat(shell.succeed("aws sts get-caller-identity --query Arn --output text"))
                .startsWith("arn:aws:iam::");
    }

    @Test
    @Order(2)
    void logsExecAndPortForwardReachAContainer() throws IOException {
        var pod = shell.succeed("kubectl get pods -l app=sample -o jsonpath=pod/{.items[0].metadata.name}");
        // A node is Ready before its serving certificate is signed; until then its port is closed.
        shell.succeed("timeout 30 sh -c 'until kubectl exec " + pod + " -- true 2>/dev/null; do sleep 1; done'");
        assertThat(shell.succeed("kubectl exec " + pod + " -- sh -c 'echo from $((40 + 2)) >/proc/1/fd/1; hostname'"))
                .isEqualTo(pod.replace("pod/", ""));
        Eventually.holds(
                "the line is in the log",
                Duration.ofSeconds(20),
                () -> shell.succeed("kubectl logs " + pod).contains("from 42"));
        assertThat(shell.succeed("timeout 5 kubectl logs -f --tail=1 " + pod + " || [ $? = 124 ]"))
                .contains("from 42");
        assertThat(shell.succeed("script -qec 'kubectl exec -it " + pod + " -- tty' /dev/null"))
                .contains("/dev/pts/");
        assertThat(shell.succeed("echo through stdin | kubectl exec -i " + pod + " -- cat"))
                .isEqualTo("through stdin");
    }

    @TestFactory
    @Order(3)
    Stream<DynamicTest> everyKubectlReachesIntoAContainer() throws IOException {
        var pod = shell.succeed("kubectl get pods -l app=sample -o jsonpath={.items[0].metadata.name}");
        return Clients.chosenKubectls().entrySet().stream()
                .map(kubectl -> DynamicTest.dynamicTest(
                        "kubectl " + kubectl.getKey(),
                        () -> new StreamCommands(shell, kubectl.getValue(), pod, state.resolve(kubectl.getKey()))
                                .all(RoadIT::freePorts, RoadIT::answers)));
    }

    @Test
    @Order(4)
    void aDeploymentIsAppliedRolledOutScaledAndDeleted() throws IOException {
        var manifest = Files.writeString(state.resolve("web.yaml"), """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "pilothouse.local/sample:1"}]}
        """);
        assertThat(shell.succeed("kubectl apply -f " + manifest)).isEqualTo("deployment.apps/web created");
        assertThat(shell.succeed("kubectl rollout status deployment/web --timeout=80s"))
                .endsWith("successfully rolled out");
        assertThat(shell.succeed("kubectl get pods -l app=web --no-headers").lines())
                .hasSize(3)
                .allMatch(line -> line.contains("Running"));
        shell.succeed("kubectl scale deployment/web --replicas=1");
        Eventually.holds(
                "one pod is left",
                REPAIR,
                () -> shell.succeed("kubectl get pods -l app=web --no-headers")
                                .lines()
                                .count()
                        == 1);
        assertThat(shell.succeed("kubectl delete -f " + manifest)).contains("\"web\" deleted");
        Eventually.holds(
                "its pods are gone",
                REPAIR,
                () -> !shell.succeed("kubectl get pods -l app=web --no-headers").contains("web"));
    }

    @Test
    @Order(5)
    void identitiesWithoutMappingGet401AndWithoutRights403() {
        shell.succeed("aws iam create-user --user-name stranger");
        var arn = shell.succeed("aws iam get-user --user-name stranger --query User.Arn --output text");
        var keys = shell.succeed(
                        "aws iam create-access-key --user-name stranger --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text | tr '\\t' ' '")
                .split(" ", 2);
        var asStranger = "AWS_ACCESS_KEY_ID=" + keys[0] + " AWS_SECRET_ACCESS_KEY=" + keys[1] + " ";
        assertThat(shell.run(asStranger + "kubectl get pods", REPAIR).output()).contains("Unauthorized");
        shell.succeed("aws eks create-access-entry --cluster-name demo --principal-arn " + arn);
        Eventually.holds(
                "the entry reaches the masters",
                REPAIR,
                () -> shell.run(asStranger + "kubectl get pods", REPAIR)
                        .output()
                        .contains("(Forbidden)"));
        shell.succeed(
                "aws eks associate-access-policy --cluster-name demo --principal-arn " + arn
                        + " --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=cluster");
        Eventually.holds(
                "the policy reaches the masters",
                REPAIR,
                () -> shell.run(asStranger + "kubectl get pods", REPAIR).ok());
        assertThat(shell.run("AWS_SECRET_ACCESS_KEY=wrong aws eks list-clusters", REPAIR)
                        .output())
                .contains("InvalidSignatureException");
    }

    @Test
    @Order(6)
    void aSecondClusterComesAndGoes() {
        var create =
                "aws eks create-cluster --name second --role-arn $(aws iam get-role --role-name pilothouse-cluster --query Role.Arn --output text)"
                        + " --resources-vpc-config subnetIds=$(aws ec2 describe-subnets --query 'Subnets[].SubnetId' --output text | tr '\\t' ',')";
        shell.succeed(create);
        assertThat(shell.run(create, REPAIR).output()).contains("ResourceInUseException");
        assertThat(shell.run(create.replace("second", "no.such_name"), REPAIR).output())
                .contains("InvalidParameterException");
        shell.succeed("aws eks wait cluster-active --name second");
        var kubeconfig = state.resolve("second.kubeconfig");
        shell.succeed("aws eks update-kubeconfig --name second --kubeconfig " + kubeconfig);
        assertThat(shell.succeed("kubectl --kubeconfig " + kubeconfig + " get ns"))
                .contains("kube-system")
                .contains("Active");
        shell.succeed("aws eks delete-cluster --name second");
        shell.succeed("aws eks wait cluster-deleted --name second");
        assertThat(parts.masters()).hasSize(3);
        assertThat(parts.etcdMembers()).hasSize(3);
    }

    @Test
    @Order(7)
    void killedPartsComeBackAndNoAcknowledgedWriteIsLost() throws InterruptedException {
        var acknowledged = new ConcurrentSkipListSet<String>();
        var ends = new AtomicBoolean();
        var writer = Thread.ofVirtual().start(() -> {
            for (int i = 0; !ends.get(); i++) {
                if (shell.run("kubectl create configmap written-" + i, REPAIR).ok()) {
                    acknowledged.add("configmap/written-" + i);
                }
            }
        });
        Eventually.holds("the writer writes", REPAIR, () -> acknowledged.size() >= 2);
        var master = parts.masters().getFirst();
        master.handle().destroyForcibly();
        Eventually.holds(
                "the master is back",
                REPAIR,
                () -> parts.masters().size() == 3 && parts.masters().stream().allMatch(this::isReady));
        var member = parts.etcdMembers().getFirst();
        member.handle().destroyForcibly();
        Eventually.holds(
                "the etcd member is back", REPAIR, () -> parts.etcdMembers().size() == 3 && etcdIsHealthy(master));
        var region = parts.region().orElseThrow();
        region.handle().destroyForcibly();
        Eventually.holds(
                "the region service is back",
                REPAIR,
                () -> shell.run("aws eks describe-cluster --name demo", REPAIR).ok());
        int before = acknowledged.size();
        Eventually.holds("writes go on", REPAIR, () -> acknowledged.size() > before + 2);
        ends.set(true);
        writer.join();
        var present = new TreeSet<>(
                shell.succeed("kubectl get configmaps -o name").lines().toList());
        System.out.println("acknowledged while parts were killed: " + acknowledged.size() + " writes");
        assertThat(present).containsAll(acknowledged);
        assertThat(parts.region().orElseThrow().handle().pid())
                .isNotEqualTo(region.handle().pid());
        assertThat(shell.succeed("kubectl get nodes --no-headers").lines())
                .allMatch(line -> line.matches("\\S+ +Ready .*"));
    }

    @Test
    @Order(8)
    void aBackupBringsADeletedNamespaceBack() {
        shell.succeed(
                "kubectl create namespace precious && kubectl -n precious create configmap kept --from-literal=a=b");
        var id = shell.succeed("bin/pilothouse backup create --cluster demo | jq -r .backup.id");
        assertThat(shell.succeed("bin/pilothouse backup verify --cluster demo " + id))
                .contains("\"verified\"");
        shell.succeed("kubectl delete namespace precious --timeout=60s");
        var forgotten = shell.succeed("kubectl create configmap forgotten -o jsonpath={.metadata.resourceVersion}");
        shell.succeed("bin/pilothouse backup restore --cluster demo " + id);
        Eventually.holds(
                "the cluster is active again",
                REPAIR,
                () -> shell.succeed("aws eks describe-cluster --name demo --query cluster.status --output text")
                        .equals("ACTIVE"));
        assertThat(shell.succeed("kubectl -n precious get configmap kept -o jsonpath={.data.a}"))
                .isEqualTo("b");
        // Who was at that version must not take the changes that come for all there were.
        assertThat(shell.succeed("kubectl get --raw '/api/v1/configmaps?watch=1&timeoutSeconds=5&resourceVersion="
                        + forgotten + "'"))
                .contains("\"code\":410");
        assertThat(Long.parseLong(shell.succeed(
                        "kubectl get --raw '/api/v1/configmaps?limit=1' | jq -r .metadata.resourceVersion")))
                .isGreaterThan(Long.parseLong(forgotten));
        assertThat(shell.succeed("kubectl get configmap forgotten --ignore-not-found"))
                .isEmpty();
        Eventually.holds(
                "the nodes are ready",
                REPAIR,
                () -> shell.succeed("kubectl get nodes --no-headers")
                        .lines()
                        .allMatch(l -> l.matches("\\S+ +Ready .*")));
        shell.succeed(
                "kubectl create deployment after --image=pilothouse.local/sample:1 --replicas=3 && kubectl rollout status deployment/after --timeout=80s");
    }

    @Test
    @Order(9)
    void aSecondStartAndOneOnAFullDiskAreRefused() {
        var again = shell.run("scripts/up", REPAIR);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.output()).contains("it is running already");
        var elsewhere = shell.run("PILOTHOUSE_STATE=" + state.resolve("other") + " scripts/up", REPAIR);
        assertThat(elsewhere.code()).isEqualTo(1);
        assertThat(elsewhere.output()).contains("port " + port + " is in use");
        var full = state.resolve("full");
        var small = shell.run(
                "mkdir " + full + " && unshare --mount bash -c 'mount -t tmpfs -o size=8m tmpfs " + full
                        + " && PILOTHOUSE_STATE=" + full + " scripts/up'",
                REPAIR);
        assertThat(small.code()).isEqualTo(1);
        assertThat(small.output()).contains("8 MiB are free").doesNotContain("starting");
    }

    private boolean isReady(Parts.Part master) {
        return shell.run(
                        "curl -sk --max-time 2 https://" + master.flag("--bind-address") + ":"
                                + master.flag("--secure-port") + "/readyz",
                        REPAIR)
                .output()
                .equals("ok");
    }

    private boolean etcdIsHealthy(Parts.Part master) {
        return shell.run(
                        "etcdctl --endpoints=" + master.flag("--etcd-servers") + " --cacert="
                                + master.flag("--etcd-cafile") + " --cert=" + master.flag("--etcd-certfile") + " --key="
                                + master.flag("--etcd-keyfile") + " endpoint health",
                        REPAIR)
                .ok();
    }

    private static boolean answers(int local) {
        try (var http = HttpClient.newHttpClient();
                var probe = new Socket(InetAddress.getLoopbackAddress(), local)) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + local + "/"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return probe.isConnected()
                    && answer.statusCode() == 200
                    && answer.body().contains("Pilothouse");
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A port that is free together with its neighbour, which the region's metadata takes when it has no network of its own. */
    private static int freePorts() {
        while (true) {
            try (var one = new ServerSocket(0);
                    var next = new ServerSocket(one.getLocalPort() + 1)) {
                return Math.min(one.getLocalPort(), next.getLocalPort());
            } catch (BindException taken) {
                // The next pair.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Path checkout() {
        var at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("scripts/up"))) {
            at = at.getParent();
        }
        return at;
    }
}
