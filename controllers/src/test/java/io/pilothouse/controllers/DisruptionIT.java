package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.Eviction;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Disruption budgets against a real API server, and the evictions that they let through. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DisruptionIT {
    /** A new kind is looked for every 30 seconds. */
    private static final Duration UNTIL_DISCOVERED = Duration.ofSeconds(60);

    private TestCluster cluster;
    private KubernetesClient client;
    private KubernetesClient impatient;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        client = cluster.client();
        Config config = Config.fromKubeconfig(cluster.kubeconfig("tok").toFile());
        config.setRequestRetryBackoffLimit(0);
        impatient = new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterAll
    void end() {
        impatient.close();
        cluster.close();
    }

    private HasMetadata make(String yaml) {
        return client.resource((HasMetadata) client.getKubernetesSerialization().unmarshal(yaml))
                .create();
    }

    private void budget(String namespace, String rule) {
        make("""
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: b, namespace: %s}
                spec: {%s, selector: {matchLabels: {app: web}}}
                """.formatted(namespace, rule));
    }

    private PodDisruptionBudget budget(String namespace) {
        return client.resources(PodDisruptionBudget.class)
                .inNamespace(namespace)
                .withName("b")
                .get();
    }

    private void awaitNumbers(String namespace, int expected, int desired, int healthy, int allowed) {
        await().atMost(UNTIL_DISCOVERED).ignoreExceptions().untilAsserted(() -> {
            var budget = budget(namespace);
            var status = budget.getStatus();
            assertThat(java.util.List.of(
                            status.getExpectedPods(),
                            status.getDesiredHealthy(),
                            status.getCurrentHealthy(),
                            status.getDisruptionsAllowed()))
                    .containsExactly(expected, desired, healthy, allowed);
            assertThat(status.getObservedGeneration())
                    .isEqualTo(budget.getMetadata().getGeneration());
            var condition = status.getConditions().getFirst();
            assertThat(condition.getType()).isEqualTo("DisruptionAllowed");
            assertThat(condition.getStatus()).isEqualTo(allowed > 0 ? "True" : "False");
            assertThat(condition.getReason()).isEqualTo(allowed > 0 ? "SufficientPods" : "InsufficientPods");
        });
    }

    private String evict(Pod pod) {
        Eviction eviction = new EvictionBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .endMetadata()
                .build();
        return impatient.raw(
                "/api/v1/namespaces/" + pod.getMetadata().getNamespace() + "/pods/"
                        + pod.getMetadata().getName() + "/eviction",
                "POST",
                eviction);
    }

    private void pod(String namespace, String name, String owner) {
        make("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {app: web}%s}
                spec: {containers: [{name: c, image: "i:1"}]}
                """.formatted(name, namespace, owner));
    }

    private boolean hasEvent(String namespace, String reason, String words) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .anyMatch(event -> event.getReason().equals(reason)
                        && event.getMessage().contains(words)
                        && event.getSource().getComponent().equals("controllermanager"));
    }

    @Test
    void evictionsWaitUntilEnoughPodsAreHealthyAgain() {
        cluster.namespace("evictions");
        make("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: evictions}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: web}}
                  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "i:1"}]}}
                """);
        budget("evictions", "maxUnavailable: 1");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.pods("evictions").size() == 2);
        awaitNumbers("evictions", 2, 1, 0, 0);
        cluster.pods("evictions").forEach(pod -> cluster.becomes(pod, "Running"));
        awaitNumbers("evictions", 2, 1, 2, 1);

        var pods = cluster.pods("evictions");
        evict(pods.getFirst());
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.pods("evictions").size() == 2
                        && !cluster.pods("evictions").contains(pods.getFirst()));
        awaitNumbers("evictions", 2, 1, 1, 0);
        assertThatThrownBy(() -> evict(pods.getLast()))
                .isInstanceOfSatisfying(KubernetesClientException.class, refused -> {
                    assertThat(refused.getCode()).isEqualTo(429);
                    assertThat(refused.getStatus().getMessage())
                            .isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
                    assertThat(refused.getStatus()
                                    .getDetails()
                                    .getCauses()
                                    .getFirst()
                                    .getMessage())
                            .isEqualTo("The disruption budget b needs 1 healthy pods and has 1 currently");
                });
        cluster.pods("evictions").stream()
                .filter(pod -> pod.getStatus().getConditions().isEmpty())
                .forEach(pod -> cluster.becomes(pod, "Running"));
        awaitNumbers("evictions", 2, 1, 2, 1);
        evict(pods.getLast());
        assertThat(budget("evictions").getStatus().getDisruptionsAllowed()).isZero();
    }

    @Test
    void twoBudgetsAreTooManyToEvictWithin() {
        cluster.namespace("twice");
        pod("twice", "a", "");
        cluster.pods("twice").forEach(pod -> cluster.becomes(pod, "Running"));
        for (String name : List.of("one", "two")) {
            make("""
                    apiVersion: policy/v1
                    kind: PodDisruptionBudget
                    metadata: {name: %s, namespace: twice}
                    spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
                    """.formatted(name));
        }
        // Upstream's answer is 201 with a failure in it.
        assertThat(evict(cluster.pods("twice").getFirst()))
                .contains("\"status\":\"Failure\"")
                .contains("\"message\":\"This pod has more than one PodDisruptionBudget, which the eviction subresource"
                        + " does not support.\"")
                .contains("\"code\":500");
        assertThat(cluster.pods("twice")).hasSize(1);
    }

    @Test
    void podsWithoutAControllerAreTold() {
        cluster.namespace("bare");
        pod("bare", "a", "");
        pod("bare", "b", "");
        cluster.pods("bare").forEach(pod -> cluster.becomes(pod, "Running"));
        budget("bare", "minAvailable: 1");
        awaitNumbers("bare", 2, 1, 2, 1);
        client.resources(PodDisruptionBudget.class)
                .inNamespace("bare")
                .withName("b")
                .edit(b -> {
                    b.getSpec().setMinAvailable(null);
                    b.getSpec().setMaxUnavailable(new io.fabric8.kubernetes.api.model.IntOrString("50%"));
                    return b;
                });
        awaitNumbers("bare", 0, 0, 2, 0);
        await().atMost(TestCluster.PATIENCE)
                .until(() -> hasEvent(
                        "bare",
                        "UnmanagedPods",
                        "(selector: &LabelSelector{MatchLabels:map[string]string{app: web,},"
                                + "MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged."));
    }

    @Test
    void theSizeOfACustomControllerIsItsScale() {
        definition("crowd", """
                subresources: {scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}},""");
        definition("lone", "");
        cluster.namespace("custom");
        for (String kind : java.util.List.of("Crowd", "Lone")) {
            String namespace = kind.toLowerCase(java.util.Locale.ROOT);
            cluster.namespace(namespace);
            await().atMost(TestCluster.PATIENCE).ignoreExceptions().until(() -> {
                var owner = make("""
                        apiVersion: example.com/v1
                        kind: %s
                        metadata: {name: o, namespace: %s}
                        spec: {replicas: 3}
                        """.formatted(kind, namespace));
                pod(namespace, "a", """
                        , ownerReferences: [{apiVersion: example.com/v1, kind: %s, name: o, uid: %s, controller: true}]\
                        """.formatted(kind, owner.getMetadata().getUid()));
                return true;
            });
        }
        budget("crowd", "minAvailable: 50%");
        budget("lone", "minAvailable: 50%");
        awaitSize();
        await().atMost(UNTIL_DISCOVERED).ignoreExceptions().untilAsserted(() -> {
            // A pod's change makes the controller look again once the new kind is known.
            touch("lone");
            var condition = budget("lone").getStatus().getConditions().getFirst();
            assertThat(Map.of(condition.getReason(), condition.getMessage()))
                    .containsEntry("SyncFailed", "lones.example.com does not implement the scale subresource");
        });
    }

    private void awaitSize() {
        await().atMost(UNTIL_DISCOVERED).ignoreExceptions().untilAsserted(() -> {
            touch("crowd");
            var status = budget("crowd").getStatus();
            assertThat(status.getExpectedPods()).isEqualTo(3);
            assertThat(status.getDesiredHealthy()).isEqualTo(2);
        });
    }

    private void touch(String namespace) {
        cluster.pods(namespace)
                .forEach(pod -> client.resource(pod).edit(p -> {
                    p.getMetadata().getAnnotations().put("touched", String.valueOf(System.nanoTime()));
                    return p;
                }));
    }

    private void definition(String singular, String more) {
        make("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: %1$ss.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {plural: %1$ss, singular: %1$s, kind: %2$s, listKind: %2$sList}
                  versions:
                    - {name: v1, served: true, storage: true, %3$s
                       schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
                """.formatted(singular, Character.toUpperCase(singular.charAt(0)) + singular.substring(1), more));
    }
}
