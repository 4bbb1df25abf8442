package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Autoscalers against a real API server and a stand-in for the servers of metrics behind it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AutoscalerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private TestCluster cluster;
    private KubernetesClient client;
    private FakeMetricsServer metrics;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        metrics = new FakeMetricsServer();
        cluster = new TestCluster(directory, options -> options.horizontalPodAutoscalerSyncPeriod = "500ms");
        client = cluster.client();
        make("""
                apiVersion: v1
                kind: Service
                metadata: {name: metrics, namespace: default}
                spec: {type: ExternalName, externalName: localhost}
                """);
    }

    @AfterAll
    void end() {
        cluster.close();
        metrics.close();
    }

    private void make(String yaml) {
        client.resource((HasMetadata) client.getKubernetesSerialization().unmarshal(yaml))
                .create();
    }

    private void register(String group, String version) {
        metrics.put("/apis/" + group + "/" + version, """
                {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "%s/%s", "resources": []}
                """.formatted(group, version));
        make("""
                apiVersion: apiregistration.k8s.io/v1
                kind: APIService
                metadata: {name: %1$s.%2$s}
                spec:
                  group: %2$s
                  version: %1$s
                  groupPriorityMinimum: 100
                  versionPriority: 100
                  insecureSkipTLSVerify: true
                  service: {name: metrics, namespace: default, port: %3$d}
                """.formatted(version, group, metrics.port()));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> client.getApiGroups().getGroups().stream()
                        .anyMatch(each -> each.getName().equals(group)));
    }

    private void deployment(String namespace, int replicas) {
        cluster.namespace(namespace);
        make("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: %s}
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: c, image: "i:1", resources: {requests: {cpu: 100m}}}]}
                """.formatted(namespace, replicas));
        await().atMost(PATIENCE).until(() -> cluster.pods(namespace).size() == replicas);
        cluster.pods(namespace)
                .forEach(pod -> client.resource(pod)
                        .subresource("status")
                        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), """
                        {"status": {"phase": "Running", "startTime": "2026-01-01T00:00:00Z", "conditions":
                         [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:01:00Z"}]}}
                        """));
    }

    private void autoscaler(String namespace, String target, String more) {
        make("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: a, namespace: %s}
                spec:
                  maxReplicas: 5
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}
                  %s
                """.formatted(namespace, target, more));
    }

    private HorizontalPodAutoscaler autoscaler(String namespace) {
        return client.resources(HorizontalPodAutoscaler.class)
                .inNamespace(namespace)
                .withName("a")
                .get();
    }

    private void awaitCondition(String namespace, String type, String status, String reason, String message) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(autoscaler(namespace).getStatus().getConditions().stream()
                                .filter(each -> each.getType().equals(type))
                                .map(AutoscalerIT::words))
                        .containsExactly(status + " " + reason + ": " + message));
    }

    private static String words(HorizontalPodAutoscalerCondition condition) {
        return condition.getStatus() + " " + condition.getReason() + ": " + condition.getMessage();
    }

    private void awaitReplicas(String namespace, int replicas) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.apps()
                                .deployments()
                                .inNamespace(namespace)
                                .withName("web")
                                .get()
                                .getSpec()
                                .getReplicas())
                        .isEqualTo(replicas));
    }

    private void awaitEvent(String namespace, String reason, String message) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.v1().events().inNamespace(namespace).list().getItems().stream()
                                .filter(event -> event.getReason().equals(reason)
                                        && event.getSource().getComponent().equals("horizontal-pod-autoscaler")))
                        .extracting(event -> event.getMessage())
                        .contains(message));
    }

    private void used(String namespace, String cpu) {
        metrics.put(
                "/apis/metrics.k8s.io/v1beta1/namespaces/" + namespace + "/pods",
                "{\"items\": ["
                        + cluster.pods(namespace).stream()
                                .map(pod -> """
                                        {"metadata": {"name": "%s"}, "timestamp": "%s", "window": "15.021s",
                                         "containers": [{"name": "c", "usage": {"cpu": "%s", "memory": "10Mi"}}]}
                                        """.formatted(
                                                pod.getMetadata().getName(),
                                                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                                                cpu))
                                .collect(Collectors.joining(","))
                        + "]}");
    }

    @Test
    void scalesByWhatPodsUseOnceThatIsMeasured() {
        deployment("resource", 2);
        autoscaler("resource", "web", """
                metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
                  behavior: {scaleDown: {stabilizationWindowSeconds: 0}}\
                """);
        String why =
                "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from"
                        + " resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";
        awaitCondition(
                "resource",
                "ScalingActive",
                "False",
                "FailedGetResourceMetric",
                "the HPA was unable to compute the replica count: " + why);
        awaitEvent("resource", "FailedGetResourceMetric", why);
        awaitEvent(
                "resource",
                "FailedComputeMetricsReplicas",
                "invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: "
                        + why);

        used("resource", "90m");
        register("metrics.k8s.io", "v1beta1");
        awaitReplicas("resource", 4);
        awaitEvent(
                "resource",
                "SuccessfulRescale",
                "New size: 4; reason: cpu resource utilization (percentage of request) above target");
        awaitCondition(
                "resource",
                "ScalingActive",
                "True",
                "ValidMetricFound",
                "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of"
                        + " request)");
        var status = autoscaler("resource").getStatus();
        var value = status.getCurrentMetrics().getFirst().getResource().getCurrent();
        assertThat(value.getAverageUtilization()).isEqualTo(90);
        assertThat(value.getAverageValue().toString()).isEqualTo("90m");
        assertThat(status.getLastScaleTime()).isNotNull();

        await().atMost(PATIENCE).until(() -> cluster.pods("resource").size() == 4);
        used("resource", "10m");
        awaitReplicas("resource", 1);
        awaitEvent("resource", "SuccessfulRescale", "New size: 1; reason: All metrics below target");
    }

    @Test
    void scalesByMetricsOfOtherServers() {
        deployment("custom", 2);
        autoscaler("custom", "web", """
                metrics:
                    - {type: External, external: {metric: {name: queue, selector: {matchLabels: {q: a}}},
                       target: {type: AverageValue, averageValue: "10"}}}
                    - {type: Object, object: {metric: {name: hits}, describedObject: {kind: Service, name: s, apiVersion: v1},
                       target: {type: Value, value: "100"}}}
                    - {type: Pods, pods: {metric: {name: packets}, target: {type: AverageValue, averageValue: 1k}}}
                """.stripTrailing());
        awaitEvent(
                "custom",
                "FailedGetPodsMetric",
                "unable to get metric packets: unable to fetch metrics from custom metrics API: no custom metrics API"
                        + " (custom.metrics.k8s.io) registered");
        awaitEvent(
                "custom",
                "FailedGetExternalMetric",
                "unable to get external metric custom/queue/&LabelSelector{MatchLabels:map[string]string{q: a,},"
                        + "MatchExpressions:[]LabelSelectorRequirement{},}: unable to fetch metrics from external metrics"
                        + " API: the server could not find the requested resource (get queue.external.metrics.k8s.io)");
        String custom = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/custom/";
        metrics.put(custom + "services/s/hits", "{\"items\": [{\"value\": \"120\", \"timestamp\": null}]}");
        metrics.put(
                custom + "pods/*/packets",
                cluster.pods("custom").stream()
                        .map(pod -> "{\"describedObject\": {\"name\": \""
                                + pod.getMetadata().getName() + "\"}, \"value\": \"900\"}")
                        .collect(Collectors.joining(",", "{\"items\": [", "]}")));
        metrics.put(
                "/apis/external.metrics.k8s.io/v1beta1/namespaces/custom/queue",
                "{\"items\": [{\"value\": \"12\"}, {\"value\": \"25\"}]}");
        register("custom.metrics.k8s.io", "v1beta2");
        register("external.metrics.k8s.io", "v1beta1");
        awaitReplicas("custom", 4);
        awaitEvent(
                "custom",
                "SuccessfulRescale",
                "New size: 4; reason: external metric queue(&LabelSelector{MatchLabels:map[string]string{q: a,},"
                        + "MatchExpressions:[]LabelSelectorRequirement{},}) above target");
        // Two pods stand for 18.5 of the queue each, four in the end for 9.25; it may look in between.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(currentValues("custom")).containsExactly("9250m", "120", "900"));
    }

    /** The current values of an external, an object's and a pods' metric, in that order. */
    private List<String> currentValues(String namespace) {
        var metrics = autoscaler(namespace).getStatus().getCurrentMetrics();
        return Stream.of(
                        metrics.get(0).getExternal().getCurrent().getAverageValue(),
                        metrics.get(1).getObject().getCurrent().getValue(),
                        metrics.get(2).getPods().getCurrent().getAverageValue())
                .map(Quantity::toString)
                .toList();
    }

    @Test
    void staysWithinItsBoundsAndSaysWhatIsMissing() {
        deployment("bounds", 7);
        String cpu =
                "metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]";
        autoscaler("bounds", "web", cpu);
        awaitReplicas("bounds", 5);
        awaitEvent(
                "bounds",
                "SuccessfulRescale",
                "New size: 5; reason: Current number of replicas above Spec.MaxReplicas");
        cluster.namespace("missing");
        autoscaler("missing", "nothing", cpu);
        awaitCondition(
                "missing",
                "AbleToScale",
                "False",
                "FailedGetScale",
                "the HPA controller was unable to get the target's current scale: deployments.apps \"nothing\" not found");
        deployment("off", 0);
        autoscaler("off", "web", cpu);
        awaitCondition(
                "off",
                "ScalingActive",
                "False",
                "ScalingDisabled",
                "scaling is disabled since the replica count of the target is zero");
    }
}
