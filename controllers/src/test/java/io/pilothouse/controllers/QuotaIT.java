package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Resource quotas against a real API server: what the controller counts and what admission then refuses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotaIT {
    /** A new kind is looked for every 30 seconds. */
    private static final Duration UNTIL_DISCOVERED = Duration.ofSeconds(60);

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

    private void make(String yaml) {
        client.resource((HasMetadata) client.getKubernetesSerialization().unmarshal(yaml))
                .create();
    }

    private void quota(String namespace, String spec) {
        make("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: q, namespace: %s}
                spec: %s
                """.formatted(namespace, spec));
    }

    private void pod(String namespace, String name, String more) {
        make("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s}
                spec:
                  terminationGracePeriodSeconds: 0
                  %s
                """.formatted(name, namespace, more));
    }

    private Map<String, String> used(String namespace) {
        ResourceQuota quota =
                client.resourceQuotas().inNamespace(namespace).withName("q").get();
        var out = new TreeMap<String, String>();
        if (quota.getStatus() != null) {
            quota.getStatus().getUsed().forEach((name, amount) -> out.put(name, amount.toString()));
        }
        return out;
    }

    private void awaitUsed(String namespace, Map<String, String> wanted) {
        await().atMost(TestCluster.PATIENCE)
                .untilAsserted(() -> assertThat(used(namespace)).containsExactlyInAnyOrderEntriesOf(wanted));
    }

    @Test
    void aSecondPodIsRefusedUntilTheFirstHasGone() {
        cluster.namespace("pods");
        quota("pods", "{hard: {pods: 1}}");
        awaitUsed("pods", Map.of("pods", "0"));
        pod("pods", "a", "containers: [{name: c, image: 'i:1'}]");
        assertThatThrownBy(() -> pod("pods", "b", "containers: [{name: c, image: 'i:1'}]"))
                .isInstanceOfSatisfying(KubernetesClientException.class, refused -> {
                    assertThat(refused.getCode()).isEqualTo(403);
                    assertThat(refused.getStatus().getMessage())
                            .isEqualTo("pods \"b\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1,"
                                    + " limited: pods=1");
                });
        client.pods().inNamespace("pods").withName("a").delete();
        awaitUsed("pods", Map.of("pods", "0"));
        pod("pods", "b", "containers: [{name: c, image: 'i:1'}]");
        awaitUsed("pods", Map.of("pods", "1"));
        cluster.becomes(cluster.pods("pods").getFirst(), "Succeeded");
        awaitUsed("pods", Map.of("pods", "0"));
    }

    @Test
    void whatIsThereIsCountedAndChangedLimitsAreTakenOver() {
        cluster.namespace("there");
        pod("there", "a", """
                containers:
                  - name: c
                    image: 'i:1'
                    resources:
                      requests: {cpu: 250m, memory: 1Gi, example.com/gpu: 2}
                      limits: {cpu: 1, example.com/gpu: 2}
                """);
        make("""
                apiVersion: v1
                kind: Service
                metadata: {name: s, namespace: there}
                spec: {type: NodePort, ports: [{name: a, port: 1}, {name: b, port: 2}]}
                """);
        make("""
                apiVersion: v1
                kind: Service
                metadata: {name: l, namespace: there}
                spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 1}]}
                """);
        make("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: data, namespace: there}
                spec: {storageClassName: gold, accessModes: [ReadWriteOnce], resources: {requests: {storage: 3Gi}}}
                """);
        make("""
                apiVersion: resource.k8s.io/v1
                kind: ResourceClaim
                metadata: {name: gpu, namespace: there}
                spec: {devices: {requests: [{name: r, exactly: {deviceClassName: fast, allocationMode: ExactCount, count: 2}}]}}
                """);
        make("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: there}");
        make("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d, namespace: there}
                spec:
                  replicas: 0
                  selector: {matchLabels: {a: b}}
                  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: "i:1"}]}}
                """);
        quota("there", """
                hard: {requests.cpu: 10, cpu: 10, limits.cpu: 10, memory: 10Gi, requests.example.com/gpu: 4,
                       services.nodeports: 5, services.loadbalancers: 5, services: 5,
                       requests.storage: 10Gi, gold.storageclass.storage.k8s.io/requests.storage: 10Gi,
                       silver.storageclass.storage.k8s.io/persistentvolumeclaims: 10, persistentvolumeclaims: 10,
                       count/resourceclaims.resource.k8s.io: 1, fast.deviceclass.resource.k8s.io/devices: 4,
                       count/configmaps: 5, configmaps: 5, secrets: 5, count/deployments.apps: 5, count/pods: 4,
                       count/unicorns.example.com: 3}
                """.replace("\n", " ").replaceFirst("^", "{").replaceFirst("$", "}"));
        var wanted = new TreeMap<>(Map.of(
                "requests.cpu", "250m",
                "cpu", "250m",
                "limits.cpu", "1",
                "memory", "1Gi",
                "requests.example.com/gpu", "2",
                "services.nodeports", "2",
                "services.loadbalancers", "1",
                "services", "2",
                "requests.storage", "3Gi",
                "gold.storageclass.storage.k8s.io/requests.storage", "3Gi"));
        wanted.putAll(Map.of(
                "silver.storageclass.storage.k8s.io/persistentvolumeclaims", "0",
                "persistentvolumeclaims", "1",
                "count/resourceclaims.resource.k8s.io", "1",
                "fast.deviceclass.resource.k8s.io/devices", "2",
                "count/configmaps", "0",
                "configmaps", "0",
                "secrets", "1",
                "count/deployments.apps", "1",
                "count/pods", "1"));
        awaitUsed("there", wanted);
        client.resourceQuotas().inNamespace("there").withName("q").edit(quota -> {
            quota.getSpec().setHard(Map.of("secrets", new io.fabric8.kubernetes.api.model.Quantity("2")));
            return quota;
        });
        awaitUsed("there", Map.of("secrets", "1"));
        client.secrets().inNamespace("there").withName("s").delete();
        awaitUsed("there", Map.of("secrets", "0"));
    }

    @Test
    void scopesChooseWhatCounts() {
        cluster.namespace("scopes");
        make("""
                apiVersion: scheduling.k8s.io/v1
                kind: PriorityClass
                metadata: {name: high}
                value: 1000
                """);
        pod("scopes", "plain", "containers: [{name: c, image: 'i:1'}]");
        pod("scopes", "high", "priorityClassName: high\n  containers: [{name: c, image: 'i:1'}]");
        pod(
                "scopes",
                "ending",
                "activeDeadlineSeconds: 1000\n  priorityClassName: high\n  containers: [{name: c, image: 'i:1'}]");
        quota("scopes", """
                {hard: {pods: 5}, scopes: [NotTerminating],
                 scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high]}]}}
                """.replace("\n", " "));
        awaitUsed("scopes", Map.of("pods", "1"));
    }

    @Test
    void customResourcesAreCounted() {
        make("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: widgets.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
                  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
                """);
        cluster.namespace("custom");
        quota("custom", "{hard: {count/widgets.example.com: 1}}");
        await().atMost(UNTIL_DISCOVERED)
                .ignoreExceptions()
                .until(() -> used("custom").equals(Map.of("count/widgets.example.com", "0")));
        widget("a");
        assertThatThrownBy(() -> widget("b")).hasMessageContaining("exceeded quota: q");
        client.genericKubernetesResources("example.com/v1", "Widget")
                .inNamespace("custom")
                .withName("a")
                .delete();
        awaitUsed("custom", Map.of("count/widgets.example.com", "0"));
    }

    private void widget(String name) {
        make("apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: " + name + ", namespace: custom}");
    }
}
