package io.pilothouse.conformance.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Commands about workloads, which controllers, scheduler and nodes carry out. */
record WorkloadCommands(Terminal terminal) {
    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: web, image: "example.test/web:1"}]
            """;

    Stream<DynamicTest> tests() {
        return Stream.of(
                dynamicTest("rollout", this::rollout),
                dynamicTest("scale and autoscale", this::scale),
                dynamicTest("wait", this::await),
                dynamicTest("events", this::events),
                dynamicTest("expose", this::expose),
                dynamicTest("delete --cascade", this::cascade));
    }

    private void rollout() {
        terminal.write("web.yaml", WEB);
        var rolled = "deployment \"web\" successfully rolled out";
        assertThat(terminal.succeeds("kubectl apply -f web.yaml")).isEqualTo("deployment.apps/web created");
        assertThat(terminal.succeeds("kubectl rollout status deployment/web --timeout=30s"))
                .endsWith(rolled);
        assertThat(terminal.succeeds("kubectl get deployment web --no-headers")).matches("web +2/2 +2 +2 +\\S+");
        assertThat(terminal.succeeds("kubectl set image deployment/web web=example.test/web:2"))
                .isEqualTo("deployment.apps/web image updated");
        assertThat(terminal.succeeds("kubectl rollout status deployment/web --timeout=30s"))
                .endsWith(rolled);
        assertThat(terminal.succeeds("kubectl rollout history deployment/web"))
                .startsWith("deployment.apps/web")
                .containsPattern("REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>");
        assertThat(terminal.succeeds("kubectl rollout history deployment/web --revision=1"))
                .contains("example.test/web:1");
        assertThat(terminal.succeeds("kubectl rollout undo deployment/web"))
                .isEqualTo("deployment.apps/web rolled back");
        assertThat(terminal.succeeds("kubectl rollout status deployment/web --timeout=30s"))
                .endsWith(rolled);
        assertThat(terminal.succeeds("kubectl get deployment web -o jsonpath='{..image}'"))
                .isEqualTo("example.test/web:1");
        assertThat(terminal.succeeds("kubectl rollout pause deployment/web")).isEqualTo("deployment.apps/web paused");
        assertThat(terminal.fails(1, "kubectl rollout restart deployment/web"))
                .contains("can't restart paused deployment (run rollout resume first)");
        terminal.succeeds("kubectl rollout resume deployment/web");
        assertThat(terminal.succeeds("kubectl rollout restart deployment/web"))
                .isEqualTo("deployment.apps/web restarted");
        assertThat(terminal.succeeds("kubectl rollout status deployment/web --timeout=30s"))
                .endsWith(rolled);
        assertThat(terminal.succeeds("kubectl rollout history deployment/web")
                        .lines()
                        .skip(2)
                        .map(l -> l.substring(0, 1)))
                .containsExactly("2", "3", "4");
    }

    private void scale() {
        assertThat(terminal.succeeds("kubectl scale deployment/web --replicas=3 --current-replicas=2"))
                .isEqualTo("deployment.apps/web scaled");
        assertThat(terminal.fails(1, "kubectl scale deployment/web --replicas=1 --current-replicas=2"))
                .contains("Expected replicas to be 2, was 3");
        assertThat(terminal.succeeds("kubectl autoscale deployment/web --min=1 --max=4 --cpu-percent=80"))
                .isEqualTo("horizontalpodautoscaler.autoscaling/web autoscaled");
        assertThat(terminal.succeeds("kubectl get hpa web --no-headers"))
                .matches("web +Deployment/web +(cpu: )?<unknown>/80% +1 +4 +\\d+ +\\S+");
        terminal.succeeds("kubectl delete hpa web && kubectl scale deployment/web --replicas=2");
    }

    private void await() {
        assertThat(terminal.succeeds("kubectl wait --for=condition=Available deployment/web --timeout=30s"))
                .isEqualTo("deployment.apps/web condition met");
        assertThat(terminal.succeeds(
                        "kubectl wait --for=jsonpath='{.status.readyReplicas}'=2 deployment/web --timeout=30s"))
                .isEqualTo("deployment.apps/web condition met");
        assertThat(terminal.fails(1, "kubectl wait --for=condition=Absent deployment/web --timeout=200ms"))
                .contains("timed out waiting for the condition on deployments/web");
        terminal.succeeds("kubectl create job once --image=example.test/once:1");
        assertThat(terminal.succeeds("kubectl wait --for=condition=complete job/once --timeout=40s"))
                .isEqualTo("job.batch/once condition met");
        assertThat(terminal.succeeds(
                        "kubectl delete job once --wait=false && kubectl wait --for=delete job/once --timeout=20s"))
                .contains("job.batch \"once\" deleted");
        assertThat(terminal.succeeds("kubectl get pods -l app=web --no-headers --field-selector=status.phase=Running")
                        .lines())
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(pod -> pod.matches("web-\\S+ +1/1 +\\S+ +0 +\\S+"));
    }

    private void events() {
        assertThat(terminal.succeeds(
                        "kubectl get events --field-selector=involvedObject.name=web -o jsonpath='{..reason}'"))
                .contains("ScalingReplicaSet");
        assertThat(terminal.succeeds("kubectl events --for=deployment/web"))
                .containsPattern("^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n")
                .contains("Scaled up replica set web-");
        assertThat(terminal.succeeds("kubectl events --types=Warning 2>&1")).isNotEmpty();
        assertThat(terminal.succeeds("kubectl describe deployment web"))
                .contains("2 desired | ")
                .contains("NewReplicaSetAvailable")
                .contains("ScalingReplicaSet");
    }

    private void expose() {
        assertThat(terminal.succeeds("kubectl expose deployment web --port=80")).isEqualTo("service/web exposed");
        assertThat(terminal.succeeds("kubectl get service web --no-headers"))
                .matches("web +ClusterIP +10\\.96\\.\\S+ +<none> +80/TCP +\\S+");
        terminal.succeeds("kubectl delete service web");
    }

    private void cascade() {
        var sets = "kubectl get rs -l app=kept -o name";
        for (String how : new String[] {"orphan", "background", "foreground"}) {
            var deployment = "kept-" + how;
            terminal.succeeds("sed 's/app: web/app: kept/; s/web/" + deployment
                    + "/; s/replicas: 2/replicas: 0/' web.yaml" + " | kubectl create -f -; until " + sets + " | grep "
                    + deployment + "; do sleep 0.1; done");
            assertThat(terminal.succeeds("kubectl delete deployment " + deployment + " --cascade=" + how))
                    .startsWith("deployment.apps \"" + deployment + "\" deleted");
            switch (how) {
                case "orphan" ->
                    assertThat(terminal.succeeds(sets + " | xargs kubectl delete"))
                            .contains("\"kept-orphan-");
                case "foreground" -> assertThat(terminal.succeeds(sets)).isEmpty();
                default -> terminal.succeeds("while " + sets + " | grep .; do sleep 0.1; done");
            }
        }
    }
}
