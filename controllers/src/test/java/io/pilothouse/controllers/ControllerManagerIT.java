package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pilothouse.apiserver.server.ApiServer;
import io.pilothouse.apiserver.server.ApiServerOptions;
import io.pilothouse.controllers.runtime.Component;
import io.pilothouse.storage.testing.EtcdProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The controllers against a real API server and a real etcd, with no more rights than upstream's policy grants each of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControllerManagerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private EtcdProcess etcd;
  private ApiServer server;
  private Component manager;
  private KubernetesClient client;

  @CommandLine.Command
  private record Serving(@CommandLine.Mixin ApiServerOptions options) {}

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    Path tokens = Files.writeString(directory.resolve("tokens"), "tok,admin,admin-uid,\"system:masters\"\nmgr,system:kube-controller-manager,cm-uid\n");
    etcd = EtcdProcess.start();
    var key = KeyPairGenerator.getInstance("RSA");
    key.initialize(2048);
    var pem = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.generateKeyPair().getPrivate().getEncoded());
    Path keyFile = Files.writeString(directory.resolve("sa.key"), "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
    var serving = new ApiServerOptions();
    new CommandLine(new Serving(serving)).parseArgs("--etcd-servers", etcd.endpoint().toString(), "--secure-port", "0", "--token-auth-file", tokens.toString(),
        "--authorization-mode", "RBAC", "--service-account-issuer", "https://kubernetes.default.svc",
        "--service-account-signing-key-file", keyFile.toString(), "--service-account-key-file", keyFile.toString(),
        "--service-cluster-ip-range", "10.96.0.0/16");
    server = ApiServer.start(serving, ApiServer.ExtensionFactory.NONE, Clock.systemUTC());
    var options = new ControllerManagerOptions();
    options.client.kubeconfig = kubeconfig(directory, "mgr");
    options.useServiceAccountCredentials = true;
    options.serviceAccountPrivateKeyFile = keyFile;
    manager = ControllerManager.start(options, Clock.systemUTC());
    client = new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig(directory, "tok").toFile())).build();
  }

  private Path kubeconfig(Path directory, String token) throws Exception {
    return Files.writeString(directory.resolve("kubeconfig-" + token), """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
        users: [{name: u, user: {token: %s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """.formatted(server.address().getPort(), token));
  }

  @AfterAll
  void end() throws Exception {
    client.close();
    manager.close();
    server.close();
    etcd.close();
  }

  private List<Pod> pods(String namespace) {
    return client.pods().inNamespace(namespace).list().getItems();
  }

  private void namespace(String name) {
    client.resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build()).create();
    await().atMost(PATIENCE).until(() -> client.serviceAccounts().inNamespace(name).withName("default").get() != null);
  }

  private void deployment(String namespace, int replicas) {
    var labels = Map.of("app", "web");
    client.resource(new DeploymentBuilder()
        .withNewMetadata().withNamespace(namespace).withName("web").endMetadata()
        .withNewSpec().withReplicas(replicas).withNewSelector().withMatchLabels(labels).endSelector()
        .withNewTemplate().withNewMetadata().withLabels(labels).endMetadata()
        .withNewSpec().addNewContainer().withName("c").withImage("i:1").endContainer().endSpec().endTemplate().endSpec()
        .build()).create();
    await().atMost(PATIENCE).until(() -> pods(namespace).size() == replicas);
  }

  private void patch(String change) {
    client.apps().deployments().inNamespace("roll").withName("web").patch(PatchContext.of(PatchType.STRATEGIC_MERGE), change);
  }

  @Test
  void aDeploymentMakesPodsScalesRollsAndTakesAllWithItWhenItGoes() {
    namespace("roll");
    deployment("roll", 3);
    patch("{\"spec\":{\"replicas\":1}}");
    await().atMost(PATIENCE).until(() -> pods("roll").size() == 1);
    patch("{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i:2\"}]}}}}");
    await().atMost(PATIENCE).until(() -> client.apps().deployments().inNamespace("roll").withName("web").get().getMetadata().getAnnotations()
        .getOrDefault("deployment.kubernetes.io/revision", "").equals("2"));
    client.apps().deployments().inNamespace("roll").withName("web").delete();
    await().atMost(PATIENCE).until(() -> client.apps().replicaSets().inNamespace("roll").list().getItems().isEmpty() && pods("roll").isEmpty());
  }

  @Test
  void theLeaseNamesItsHolder() {
    await().atMost(PATIENCE).until(() -> client.leases().inNamespace("kube-system").withName("kube-controller-manager").get() != null);
    var lease = client.leases().inNamespace("kube-system").withName("kube-controller-manager").get().getSpec();
    assertThat(lease.getHolderIdentity()).contains("_");
    assertThat(lease.getLeaseDurationSeconds()).isEqualTo(15);
    assertThat(lease.getLeaseTransitions()).isZero();
  }

  @Test
  void eachControllerActsAsItsOwnAccount() {
    namespace("accounts");
    deployment("accounts", 1);
    var accounts = client.serviceAccounts().inNamespace("kube-system").list().getItems().stream().map(account -> account.getMetadata().getName());
    assertThat(accounts).contains("deployment-controller", "replicaset-controller", "service-account-controller");
    await().atMost(PATIENCE).until(() -> client.v1().events().inNamespace("accounts").list().getItems().stream()
        .anyMatch(event -> event.getSource().getComponent().equals("deployment-controller")));
  }

  @Test
  void aSecretGetsATokenOfItsAccountAndGoesWithIt() {
    namespace("tokens");
    client.resource(new ServiceAccountBuilder().withNewMetadata().withNamespace("tokens").withName("robot").endMetadata().build()).create();
    client.resource(new SecretBuilder().withNewMetadata().withNamespace("tokens").withName("robot-token")
        .withAnnotations(Map.of("kubernetes.io/service-account.name", "robot")).endMetadata()
        .withType("kubernetes.io/service-account-token").build()).create();
    var secret = client.secrets().inNamespace("tokens").withName("robot-token");
    await().atMost(PATIENCE).until(() -> secret.get().getData() != null && secret.get().getData().containsKey("token"));
    assertThat(secret.get().getMetadata().getAnnotations()).containsKey("kubernetes.io/service-account.uid");
    String token = new String(Base64.getDecoder().decode(secret.get().getData().get("token")), StandardCharsets.UTF_8);
    var config = new ConfigBuilder(client.getConfiguration()).withOauthToken(token).build();
    try (var robot = new KubernetesClientBuilder().withConfig(config).build()) {
      var review = new SelfSubjectReviewBuilder().build();
      assertThat(robot.resource(review).create().getStatus().getUserInfo().getUsername()).isEqualTo("system:serviceaccount:tokens:robot");
      client.serviceAccounts().inNamespace("tokens").withName("robot").delete();
      await().atMost(PATIENCE).until(() -> secret.get() == null);
      await().atMost(PATIENCE).untilAsserted(() -> assertThatThrownBy(() -> robot.resource(review).create())
          .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(401)));
    }
  }

  @Test
  void aNamespaceGoesWithAllThatIsInIt() {
    namespace("gone");
    deployment("gone", 2);
    client.namespaces().withName("gone").delete();
    await().atMost(PATIENCE).until(() -> client.namespaces().withName("gone").get() == null);
  }
}
