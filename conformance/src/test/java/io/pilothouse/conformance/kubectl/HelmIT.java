package io.pilothouse.conformance.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A chart with a CRD and an instance of it, hooks that are jobs, and a workload, from its installation to its end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HelmIT {
    private Terminal terminal = new Terminal(Path.of(""), Path.of(""));
    private @Nullable Cluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        Optional<Path> helm = Clients.helm();
        var kubectls = Clients.kubectls();
        if (helm.isEmpty() || kubectls.isEmpty()) {
            System.out.println("skipped: Helm and kubectl are not both on this machine");
            Assumptions.abort("no Helm");
        }
        cluster = new Cluster(directory);
        terminal = Terminal.open(
                directory.resolve("home"),
                cluster.kubeconfig("admin", "shop"),
                Map.of(
                        "helm",
                        helm.orElseThrow(),
                        "kubectl",
                        kubectls.values().iterator().next()));
        chart();
    }

    @AfterAll
    void end() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private void chart() {
        terminal.write("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.2.3\nappVersion: \"7\"\n");
        terminal.write("chart/values.yaml", "replicas: 1\ncolour: red\n");
        terminal.write("chart/templates/NOTES.txt", "{{ .Release.Name }} is {{ .Values.colour }}\n");
        terminal.write("chart/crds/kites.yaml", ReadCommands.CUSTOM);
        terminal.write("chart/templates/kite.yaml", """
                apiVersion: toys.example.com/v1
                kind: Kite
                metadata: {name: {{ .Release.Name }}}
                spec: {colour: {{ .Values.colour }}}
                """);
        terminal.write("chart/templates/web.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: {{ .Release.Name }}-web}
                spec:
                  replicas: {{ .Values.replicas }}
                  selector: {matchLabels: {app: shop}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers: [{name: web, image: "example.test/web:1", env: [{name: COLOUR, value: {{ .Values.colour }}}]}]
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: {{ .Release.Name }}-settings}
                data: {colour: {{ .Values.colour }}, revision: "{{ .Release.Revision }}"}
                {{- if .Capabilities.APIVersions.Has "apps/v1" }}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: {{ .Release.Name }}-capable}
                stringData: {version: {{ .Capabilities.KubeVersion.Version }}}
                {{- end }}
                """);
        terminal.write("chart/templates/hook.yaml", """
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: {{ .Release.Name }}-migrate-{{ .Release.Revision }}
                  annotations: {"helm.sh/hook": "pre-install,post-upgrade"}
                spec:
                  template:
                    spec: {restartPolicy: Never, containers: [{name: c, image: "example.test/migrate:1"}]}
                """);
        terminal.write("chart/templates/farewell.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: farewell, annotations: {"helm.sh/hook": post-delete}}
                data: {from: {{ .Release.Name }}}
                """);
    }

    private String colour() {
        return terminal.succeeds(
                "kubectl get configmap/toy-settings kite/toy -o jsonpath='{.items[0].data.colour} {.items[1].spec.colour}'");
    }

    @Test
    void aChartIsInstalledUpgradedRolledBackAndUninstalled() {
        assertThat(terminal.succeeds("helm install toy chart --create-namespace --namespace shop --wait --timeout 40s"))
                .contains("STATUS: deployed", "REVISION: 1", "toy is red");
        assertThat(colour()).isEqualTo("red red");
        assertThat(terminal.succeeds("kubectl get deployment toy-web -o jsonpath='{.status.readyReplicas}'"))
                .isEqualTo("1");
        assertThat(terminal.succeeds("kubectl get job toy-migrate-1 -o jsonpath='{.status.succeeded}'"))
                .isEqualTo("1");
        assertThat(terminal.succeeds("kubectl get secret toy-capable -o jsonpath='{.data.version}' | base64 -d"))
                .startsWith("v1.36.");
        assertThat(terminal.fails(1, "helm install toy chart")).contains("cannot reuse a name that is still in use");

        assertThat(terminal.succeeds("helm upgrade toy chart --set colour=blue,replicas=2 --wait --timeout 40s"))
                .contains("STATUS: deployed", "REVISION: 2", "toy is blue");
        assertThat(colour()).isEqualTo("blue blue");
        assertThat(terminal.succeeds("kubectl get deployment toy-web -o jsonpath='{.status.readyReplicas}'"))
                .isEqualTo("2");
        assertThat(terminal.succeeds("kubectl get job toy-migrate-2 -o jsonpath='{.status.succeeded}'"))
                .isEqualTo("1");
        assertThat(terminal.fails(1, "helm upgrade toy chart --set colour=green --timeout 20s"))
                .contains("Unsupported value: \"green\": supported values: \"red\", \"blue\"");

        assertThat(terminal.succeeds("helm rollback toy 1 --wait --timeout 40s"))
                .contains("Rollback was a success");
        assertThat(colour()).isEqualTo("red red");
        assertThat(terminal.succeeds("kubectl get deployment toy-web -o jsonpath='{.spec.replicas}'"))
                .isEqualTo("1");
        assertThat(
                        terminal.succeeds(
                                "helm list -o json | jq -r '.[] | [.name, .revision, .status, .chart, .app_version] | join(\" \")'"))
                .isEqualTo("toy 4 deployed shop-1.2.3 7");
        assertThat(terminal.succeeds("helm history toy -o json | jq -r '.[] | [.revision, .status] | join(\" \")'"))
                .isEqualTo("1 superseded\n2 superseded\n3 failed\n4 deployed");
        assertThat(terminal.succeeds("helm status toy -o json | jq -r '.info.status, .version'"))
                .isEqualTo("deployed\n4");
        assertThat(terminal.succeeds("helm get values toy --revision 2 -o json"))
                .contains("\"colour\":\"blue\"");

        assertThat(terminal.succeeds("helm uninstall toy --wait --timeout 40s"))
                .contains("release \"toy\" uninstalled");
        assertThat(terminal.succeeds("helm list -q")).isEmpty();
        assertThat(terminal.succeeds("kubectl get deployments,kites,secrets -o name"))
                .isEmpty();
        assertThat(terminal.succeeds("kubectl get configmap farewell -o jsonpath='{.data.from}'"))
                .isEqualTo("toy");
        assertThat(terminal.succeeds("kubectl get crd kites.toys.example.com -o name"))
                .isEqualTo("customresourcedefinition.apiextensions.k8s.io/kites.toys.example.com");
    }
}
