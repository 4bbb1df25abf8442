package io.pilothouse.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.cri.Containerd;
import io.pilothouse.worker.cri.Shell;
import io.pilothouse.worker.image.HostImages;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The node agent on two machines of their own, with a real containerd, against a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NodeAgentIT {
    private static final String SAMPLE = "image: " + HostImages.SAMPLE;
    private static final java.time.Duration PATIENCE = TestCluster.PATIENCE;
    private TestMachine.Network network;
    private TestCluster cluster;
    private TestMachine a;
    private TestMachine b;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        String missing = Containerd.missing();
        if (!missing.isEmpty()) {
            System.out.println("NodeAgentIT is skipped: " + missing);
        }
        Assumptions.assumeTrue(missing.isEmpty(), missing);
        network = TestMachine.Network.open();
        cluster = new TestCluster(directory, network.address(1));
        Path images = directory.resolve("images");
        new HostImages(Path.of("/bin/busybox")).write(images);
        a = machine(directory, "node-a", 10, 64, images);
        b = machine(directory, "node-b", 11, 128, images);
        await().atMost(PATIENCE.multipliedBy(2))
                .until(() -> cluster.nodeReady("node-a") && cluster.nodeReady("node-b"));
    }

    private TestMachine machine(Path directory, String name, int host, int pods, Path images) throws Exception {
        List<String> arguments = cluster.nodeArguments(name, network.address(host));
        arguments.addAll(List.of("--pod-cidr", network.address(pods) + "/26", "--images", images.toString()));
        return new TestMachine(network, host, directory.resolve(name), arguments);
    }

    @AfterAll
    void end() throws Exception {
        for (AutoCloseable part : new AutoCloseable[] {a, b, cluster, network}) {
            if (part != null) {
                part.close();
            }
        }
    }

    @Test
    @Order(1)
    void aPodRunsAnswersAndLeavesNothing() throws Exception {
        cluster.pod(
                "web",
                "{nodeName: node-a, terminationGracePeriodSeconds: 5, containers: [{name: web, " + SAMPLE
                        + ", resources: {limits: {memory: 64Mi, cpu: 500m}}}]}");
        await().atMost(PATIENCE).until(() -> cluster.ready("web"));
        assertThat(cluster.kubectl("logs", "web")).contains("serving /www on port 8080 as web");
        assertThat(cluster.kubectl("exec", "web", "--", "sh", "-c", "echo in $(hostname)"))
                .isEqualTo("in web\n");
        assertThat(a.cgroups()).isNotEmpty();

        cluster.delete("web");
        await().atMost(PATIENCE).until(() -> cluster.pod("web").isEmpty());
        assertThat(a.cgroups()).isEmpty();
        assertThat(a.processes("containerd-shim")).isEmpty();
        assertThat(a.file("root/pods")).isEmptyDirectory();
        assertThat(a.file("root/logs")).isEmptyDirectory();
    }

    private String address(String pod) throws Exception {
        return cluster.pod(pod).path("status").path("podIP").asText();
    }

    private boolean fetches(String from, String url) {
        try {
            return cluster.kubectl("exec", from, "--", "wget", "-q", "-O-", url).contains("It runs.");
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    @Order(2)
    void servicesLeadToPodsOfBothNodes() throws Exception {
        cluster.pod(
                "client",
                "{nodeName: node-a, terminationGracePeriodSeconds: 1, containers: [{name: c, " + SAMPLE + "}]}");
        cluster.pod(
                "server",
                "{nodeName: node-b, terminationGracePeriodSeconds: 1, containers: [{name: c, " + SAMPLE + "}]}");
        JsonNode service = cluster.client()
                .create(
                        "/api/v1/namespaces/default/services",
                        TestCluster.yaml(
                                "{metadata: {name: web}, spec: {type: NodePort, ports: [{port: 80, targetPort: 8080}]}}"));
        String clusterIp = service.path("spec").path("clusterIP").asText();
        String nodePort =
                service.path("spec").path("ports").path(0).path("nodePort").asText();
        await().atMost(PATIENCE).until(() -> cluster.ready("client") && cluster.ready("server"));
        assertThat(fetches("client", "http://" + address("server") + ":8080/")).isTrue();

        await().atMost(PATIENCE).until(() -> refused("client", clusterIp, "80"));
        cluster.client()
                .create(
                        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                        TestCluster.yaml(
                                "{metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}, addressType: IPv4, ports: [{name: '', port: 8080, protocol: TCP}],"
                                        + " endpoints: [{addresses: [" + address("server")
                                        + "], conditions: {ready: true}}]}"));
        await().atMost(PATIENCE).until(() -> fetches("client", "http://" + clusterIp + "/"));
        await().atMost(PATIENCE).until(() -> fetches("server", "http://" + clusterIp + "/"));
        assertThat(fetches("client", "http://" + network.address(11) + ":" + nodePort + "/"))
                .isTrue();
        assertThat(Shell.run(Map.of(), "curl", "-s", "-m", "5", "http://" + network.address(10) + ":" + nodePort + "/"))
                .contains("It runs.");
        assertThat(cluster.kubectl(
                        "exec",
                        "client",
                        "--",
                        "wget",
                        "-q",
                        "--no-check-certificate",
                        "-O-",
                        "https://10.96.0.1/version"))
                .contains("gitVersion");
    }

    private boolean refused(String from, String address, String port) {
        try {
            cluster.kubectl("exec", from, "--", "nc", "-w", "5", address, port);
            return false;
        } catch (java.io.IOException e) {
            return String.valueOf(e.getMessage()).contains("refused");
        }
    }

    @Test
    @Order(3)
    void aPortOfThePodIsForwarded() throws Exception {
        Process forward = new ProcessBuilder(
                        "kubectl",
                        "--kubeconfig",
                        cluster.kubeconfig("forward", "admin-token").toString(),
                        "port-forward",
                        "server",
                        ":8080")
                .redirectErrorStream(true)
                .start();
        try (var lines = forward.inputReader()) {
            Matcher said = Pattern.compile("127.0.0.1:([0-9]+) ").matcher(String.valueOf(lines.readLine()));
            assertThat(said.find()).isTrue();
            assertThat(Shell.run(Map.of(), "curl", "-s", "-m", "5", "http://127.0.0.1:" + said.group(1) + "/"))
                    .contains("It runs.");
        } finally {
            forward.destroy();
        }
    }

    @Test
    @Order(4)
    void podsOutliveTheAgentAndContainerd() throws Exception {
        String id = cluster.pod("client")
                .path("status")
                .path("containerStatuses")
                .path(0)
                .path("containerID")
                .asText();
        List<ProcessHandle> containerd = a.processes("containerd");
        assertThat(containerd).hasSize(1);
        containerd.forEach(ProcessHandle::destroyForcibly);
        await().atMost(PATIENCE)
                .until(() -> a.processes("containerd").stream()
                        .anyMatch(p -> p.pid() != containerd.getFirst().pid()));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        cluster.kubectl("exec", "client", "--", "echo", "there").equals("there\n"));

        List<ProcessHandle> agent = a.processes("java");
        assertThat(agent).hasSize(1);
        agent.forEach(ProcessHandle::destroyForcibly);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> a.processes("java").stream()
                                .anyMatch(p -> p.pid() != agent.getFirst().pid())
                        && cluster.kubectl("exec", "client", "--", "echo", "again")
                                .equals("again\n"));
        assertThat(a.processes("containerd")).hasSize(1);
        assertThat(a.processes("httpd")).hasSize(1);
        JsonNode status =
                cluster.pod("client").path("status").path("containerStatuses").path(0);
        assertThat(status.path("containerID").asText()).isEqualTo(id);
        assertThat(status.path("restartCount").asInt()).isZero();
    }

    @Test
    @Order(5)
    void aFailingLivenessProbeRestartsTheContainer() throws Exception {
        cluster.pod(
                "sick",
                "{nodeName: node-b, terminationGracePeriodSeconds: 1, containers: [{name: c, " + SAMPLE
                        + ", livenessProbe: {exec: {command: ['false']}, periodSeconds: 1, failureThreshold: 1}}]}");
        await().atMost(PATIENCE)
                .until(() -> cluster.pod("sick")
                                .path("status")
                                .path("containerStatuses")
                                .path(0)
                                .path("restartCount")
                                .asInt()
                        > 0);
        assertThat(cluster.kubectl("get", "events", "-o", "jsonpath={.items[*].reason}"))
                .contains("Unhealthy", "Killing");
    }

    @Test
    @Order(6)
    void aPodIsToldToEndBeforeItIsMade() throws Exception {
        cluster.pod(
                "polite",
                "{nodeName: node-b, terminationGracePeriodSeconds: 20, containers: [{name: c, " + SAMPLE
                        + ", command: [sh, -c, 'trap \"echo asked > /out/end; exit 0\" TERM; while :; do sleep 0.1; done'],"
                        + " volumeMounts: [{name: out, mountPath: /out}]}], volumes: [{name: out, hostPath: {path: "
                        + b.file("out") + ", type: DirectoryOrCreate}}]}");
        await().atMost(PATIENCE).until(() -> cluster.ready("polite"));
        cluster.delete("polite");
        await().atMost(java.time.Duration.ofSeconds(15))
                .until(() -> cluster.pod("polite").isEmpty());
        assertThat(b.file("out/end")).hasContent("asked\n");
    }

    @Test
    @Order(7)
    void aPodIsGivenWhatItAsksFor() throws Exception {
        cluster.client()
                .create(
                        "/api/v1/namespaces/default/configmaps",
                        TestCluster.yaml("{metadata: {name: cm}, data: {a: one, b: two}}"));
        cluster.client()
                .create(
                        "/api/v1/namespaces/default/secrets",
                        TestCluster.yaml("{metadata: {name: sec}, stringData: {pw: hush}}"));
        cluster.pod("full", """
                nodeName: node-a
                restartPolicy: Never
                securityContext: {runAsUser: 1000, runAsGroup: 2000, fsGroup: 3000}
                hostname: box
                subdomain: sub
                initContainers:
                - {name: first, image: SAMPLE, command: [sh, -c, "echo begun > /e/init"], volumeMounts: [{name: e, mountPath: /e}]}
                containers:
                - name: c
                  image: SAMPLE
                  command: [sh, -c, "id; cat /e/init /c/a /s/pw /d/labels /only; echo; echo $A $P $IP $LIM $REF $X_b; grep box /etc/hosts; cat /t/token | wc -c; ls -ld /e"]
                  env:
                  - {name: A, valueFrom: {configMapKeyRef: {name: cm, key: a}}}
                  - {name: P, valueFrom: {secretKeyRef: {name: sec, key: pw}}}
                  - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                  - {name: LIM, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
                  - {name: REF, value: "$(A)-x"}
                  envFrom: [{configMapRef: {name: cm}, prefix: X_}]
                  resources: {limits: {memory: 32Mi, cpu: 200m}}
                  volumeMounts:
                  - {name: e, mountPath: /e}
                  - {name: c, mountPath: /c}
                  - {name: s, mountPath: /s}
                  - {name: d, mountPath: /d}
                  - {name: t, mountPath: /t}
                  - {name: c, mountPath: /only, subPath: b}
                volumes:
                - {name: e, emptyDir: {}}
                - {name: c, configMap: {name: cm}}
                - {name: s, secret: {secretName: sec, defaultMode: 256}}
                - {name: d, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
                - {name: t, projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 600}}]}}
                """.replace("SAMPLE", HostImages.SAMPLE));
        await().atMost(PATIENCE).until(() -> cluster.phase("full").equals("Succeeded"));
        assertThat(cluster.kubectl("logs", "full", "-c", "c").replaceAll(" +", " "))
                .contains("uid=1000 gid=2000 groups=2000,3000")
                .contains("begun\nonehushapp=\"full\"two\n")
                .contains("one hush " + address("full") + " 33554432 one-x two\n")
                .contains("\tbox.sub.default.svc.cluster.local\tbox")
                .containsPattern("drwxrwsrwx [0-9]+ root 3000 ");
    }

    @Test
    @Order(8)
    void whatIsNotSupportedIsToldOnThePod() throws Exception {
        cluster.pod(
                "strange",
                "{nodeName: node-b, hostUsers: false, terminationGracePeriodSeconds: 1, containers: [{name: c, "
                        + SAMPLE + "}]}");
        await().atMost(PATIENCE)
                .until(() -> cluster.pod("strange")
                        .path("status")
                        .path("conditions")
                        .toString()
                        .contains("this node does not support spec.hostUsers: false"));
        cluster.pod(
                "late",
                "{nodeName: node-b, activeDeadlineSeconds: 1, terminationGracePeriodSeconds: 1, containers: [{name: c, "
                        + SAMPLE + "}]}");
        await().atMost(PATIENCE)
                .until(() -> cluster.pod("late")
                        .path("status")
                        .path("reason")
                        .asText()
                        .equals("DeadlineExceeded"));
    }

    @Test
    @Order(9)
    void aPodThatFillsTheDiskIsEvicted() throws Exception {
        String limited = ", resources: {limits: {ephemeral-storage: 1Mi}}";
        cluster.pod(
                "layer",
                "{nodeName: node-a, containers: [{name: c, " + SAMPLE + limited
                        + ", command: [sh, -c, 'dd if=/dev/zero of=/big bs=1M count=3; sleep 600']}]}");
        cluster.pod(
                "volume",
                "{nodeName: node-b, volumes: [{name: e, emptyDir: {sizeLimit: 1Mi}}], containers: [{name: c, " + SAMPLE
                        + ", command: [sh, -c, 'dd if=/dev/zero of=/e/big bs=1M count=3; sleep 600']"
                        + ", volumeMounts: [{name: e, mountPath: /e}]}]}");
        for (String pod : List.of("layer", "volume")) {
            await().atMost(PATIENCE).until(() -> cluster.phase(pod).equals("Failed"));
            assertThat(cluster.pod(pod).path("status").path("reason").asText()).isEqualTo("Evicted");
        }
        assertThat(cluster.pod("layer").path("status").path("message").asText())
                .isEqualTo("Pod ephemeral local storage usage exceeds the total limit of containers 1Mi. ");
        assertThat(cluster.pod("volume").path("status").path("message").asText())
                .isEqualTo("Usage of EmptyDir volume \"e\" exceeds the limit \"1Mi\". ");
        assertThat(cluster.kubectl("get", "events", "-o", "jsonpath={.items[*].reason}"))
                .contains("Evicted");
    }

    @Test
    @Order(10)
    void allPodsLeaveNothing() throws Exception {
        List<String> pods = List.of("client", "server", "sick", "full", "strange", "late", "layer", "volume");
        for (String pod : pods) {
            cluster.delete(pod);
        }
        for (String pod : pods) {
            await().atMost(PATIENCE).until(() -> cluster.pod(pod).isEmpty());
        }
        for (TestMachine machine : List.of(a, b)) {
            assertThat(machine.cgroups()).isEmpty();
            assertThat(machine.processes("containerd-shim")).isEmpty();
            assertThat(machine.file("root/pods")).isEmptyDirectory();
            assertThat(machine.inside("ip", "-o", "route")).doesNotContain("veth");
        }
    }
}
