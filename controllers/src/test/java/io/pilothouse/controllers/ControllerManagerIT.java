package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReviewBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The controllers against a real API server and a real etcd, with no more rights than upstream's policy grants each of them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControllerManagerIT {
    private TestCluster cluster;
    private KubernetesClient client;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        client = cluster.client();
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    private void deployment(String namespace, int replicas) {
        var labels = Map.of("app", "web");
        client.resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("web")
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(replicas)
                        .withNewSelector()
                        .withMatchLabels(labels)
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .withLabels(labels)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("c")
                        .withImage("i:1")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
        await().atMost(TestCluster.PATIENCE).until(() -> cluster.pods(namespace).size() == replicas);
    }

    private void patch(String change) {
        client.apps()
                .deployments()
                .inNamespace("roll")
                .withName("web")
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), change);
    }

    @Test
    void aDeploymentMakesPodsScalesRollsAndTakesAllWithItWhenItGoes() {
        cluster.namespace("roll");
        deployment("roll", 3);
        patch("{\"spec\":{\"replicas\":1}}");
        await().atMost(TestCluster.PATIENCE).until(() -> cluster.pods("roll").size() == 1);
        patch("{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i:2\"}]}}}}");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> client.apps()
                        .deployments()
                        .inNamespace("roll")
                        .withName("web")
                        .get()
                        .getMetadata()
                        .getAnnotations()
                        .getOrDefault("deployment.kubernetes.io/revision", "")
                        .equals("2"));
        client.apps().deployments().inNamespace("roll").withName("web").delete();
        await().atMost(TestCluster.PATIENCE)
                .until(() -> client.apps()
                                .replicaSets()
                                .inNamespace("roll")
                                .list()
                                .getItems()
                                .isEmpty()
                        && cluster.pods("roll").isEmpty());
    }

    @Test
    void theLeaseNamesItsHolder() {
        await().atMost(TestCluster.PATIENCE)
                .until(() -> client.leases()
                                .inNamespace("kube-system")
                                .withName("kube-controller-manager")
                                .get()
                        != null);
        var lease = client.leases()
                .inNamespace("kube-system")
                .withName("kube-controller-manager")
                .get()
                .getSpec();
        assertThat(lease.getHolderIdentity()).contains("_");
        assertThat(lease.getLeaseDurationSeconds()).isEqualTo(15);
        assertThat(lease.getLeaseTransitions()).isZero();
    }

    @Test
    void eachControllerActsAsItsOwnAccount() {
        cluster.namespace("accounts");
        deployment("accounts", 1);
        var accounts = client.serviceAccounts().inNamespace("kube-system").list().getItems().stream()
                .map(account -> account.getMetadata().getName());
        assertThat(accounts).contains("deployment-controller", "replicaset-controller", "service-account-controller");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> client.v1().events().inNamespace("accounts").list().getItems().stream()
                        .anyMatch(event -> event.getSource().getComponent().equals("deployment-controller")));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void workGoesOnInAnotherTerm() {
        var lease = client.leases().inNamespace("kube-system").withName("kube-controller-manager");
        await().atMost(TestCluster.PATIENCE).until(() -> lease.get() != null);
        lease.edit(held -> new LeaseBuilder(held)
                .editSpec()
                .withHolderIdentity("another")
                .withLeaseDurationSeconds(1)
                .endSpec()
                .build());
        await().atMost(TestCluster.PATIENCE)
                .until(() -> !lease.get().getSpec().getHolderIdentity().equals("another"));
        assertThat(lease.get().getSpec().getLeaseTransitions()).isEqualTo(1);
        var aggregated = Map.of("rbac.authorization.k8s.io/aggregate-to-edit", "true");
        client.resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName("empty")
                        .withLabels(aggregated)
                        .endMetadata()
                        .build())
                .create();
        client.resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName("more")
                        .withLabels(aggregated)
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("example.com")
                        .withResources("things")
                        .withVerbs("get")
                        .endRule()
                        .build())
                .create();
        await().atMost(TestCluster.PATIENCE)
                .until(() -> client.rbac().clusterRoles().withName("edit").get().getRules().stream()
                        .anyMatch(rule -> rule.getApiGroups().contains("example.com")));
        cluster.namespace("term");
        deployment("term", 2);
    }

    @Test
    void aSecretGetsATokenOfItsAccountAndGoesWithIt() {
        cluster.namespace("tokens");
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace("tokens")
                        .withName("robot")
                        .endMetadata()
                        .build())
                .create();
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace("tokens")
                        .withName("robot-token")
                        .withAnnotations(Map.of("kubernetes.io/service-account.name", "robot"))
                        .endMetadata()
                        .withType("kubernetes.io/service-account-token")
                        .build())
                .create();
        var secret = client.secrets().inNamespace("tokens").withName("robot-token");
        await().atMost(TestCluster.PATIENCE)
                .until(() ->
                        secret.get().getData() != null && secret.get().getData().containsKey("token"));
        assertThat(secret.get().getMetadata().getAnnotations()).containsKey("kubernetes.io/service-account.uid");
        String token =
                new String(Base64.getDecoder().decode(secret.get().getData().get("token")), StandardCharsets.UTF_8);
        var config = new ConfigBuilder(client.getConfiguration())
                .withOauthToken(token)
                .build();
        try (var robot = new KubernetesClientBuilder().withConfig(config).build()) {
            var review = new SelfSubjectReviewBuilder().build();
            assertThat(robot.resource(review).create().getStatus().getUserInfo().getUsername())
                    .isEqualTo("system:serviceaccount:tokens:robot");
            client.serviceAccounts().inNamespace("tokens").withName("robot").delete();
            await().atMost(TestCluster.PATIENCE).until(() -> secret.get() == null);
            await().atMost(TestCluster.PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> robot.resource(review).create())
                            .isInstanceOfSatisfying(
                                    KubernetesClientException.class,
                                    e -> assertThat(e.getCode()).isEqualTo(401)));
        }
    }

    @Test
    void aPodWithoutAnOwnerIsAdoptedAndOneThatNoLongerFitsLetGo() {
        cluster.namespace("adopt");
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("adopt")
                        .withName("orphan")
                        .withLabels(Map.of("app", "web"))
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("c")
                        .withImage("i:1")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        client.resource(new ReplicaSetBuilder()
                        .withNewMetadata()
                        .withNamespace("adopt")
                        .withName("web")
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(1)
                        .withNewSelector()
                        .withMatchLabels(Map.of("app", "web"))
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .withLabels(Map.of("app", "web"))
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("c")
                        .withImage("i:1")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
        var orphan = client.pods().inNamespace("adopt").withName("orphan");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> orphan.get().getMetadata().getOwnerReferences().size() == 1);
        orphan.edit(pod -> new PodBuilder(pod)
                .editMetadata()
                .withLabels(Map.of("app", "other"))
                .endMetadata()
                .build());
        await().atMost(TestCluster.PATIENCE)
                .until(() -> orphan.get().getMetadata().getOwnerReferences().isEmpty()
                        && cluster.pods("adopt").size() == 2);
    }

    @Test
    void theSameEventAgainIsCounted() {
        cluster.namespace("events");
        client.resource(new ReplicaSetBuilder()
                        .withNewMetadata()
                        .withNamespace("events")
                        .withName("bad")
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(1)
                        .withNewSelector()
                        .withMatchLabels(Map.of("app", "x"))
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .withLabels(Map.of("app", "x"))
                        .endMetadata()
                        .withNewSpec()
                        .withServiceAccountName("nobody")
                        .addNewContainer()
                        .withName("c")
                        .withImage("i:1")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
        await().atMost(TestCluster.PATIENCE)
                .until(() -> client.v1().events().inNamespace("events").list().getItems().stream()
                        .anyMatch(event -> event.getReason().equals("FailedCreate") && event.getCount() > 1));
    }

    @Test
    void aNamespaceGoesWithAllThatIsInIt() {
        cluster.namespace("gone");
        deployment("gone", 2);
        client.namespaces().withName("gone").delete();
        await().atMost(TestCluster.PATIENCE)
                .until(() -> client.namespaces().withName("gone").get() == null);
    }
}
