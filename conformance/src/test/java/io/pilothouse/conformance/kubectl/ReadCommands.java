package io.pilothouse.conformance.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Commands that look: at objects in each form, at what is served, and at the server. */
record ReadCommands(Terminal terminal) {
    static final String CUSTOM = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: kites.toys.example.com}
            spec:
              group: toys.example.com
              names: {kind: Kite, plural: kites, singular: kite, shortNames: [kt]}
              scope: Namespaced
              versions:
              - name: v1
                served: true
                storage: true
                additionalPrinterColumns: [{name: Colour, type: string, jsonPath: .spec.colour}]
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties: {colour: {type: string, description: What it looks like., enum: [red, blue]}}
            """;

    Stream<DynamicTest> tests() {
        return Stream.of(
                dynamicTest("get -o", this::outputs),
                dynamicTest("describe", this::describe),
                dynamicTest("explain", this::explain),
                dynamicTest("custom resources", this::customResources),
                dynamicTest("api-resources and api-versions", this::apis),
                dynamicTest("version, cluster-info and top", this::server),
                dynamicTest("proxy", this::proxy));
    }

    private void outputs() {
        terminal.succeeds("kubectl create configmap seen --from-literal=k=v");
        var get = "kubectl get configmap seen ";
        assertThat(terminal.succeeds(get)).matches("NAME +DATA +AGE\nseen +1 +\\d+s");
        assertThat(terminal.succeeds(get + "-o json | jq -c '[.apiVersion, .kind, .data]'"))
                .isEqualTo("[\"v1\",\"ConfigMap\",{\"k\":\"v\"}]");
        assertThat(terminal.succeeds(get + "-o yaml"))
                .startsWith("apiVersion: v1\ndata:\n  k: v\nkind: ConfigMap\nmetadata:\n");
        assertThat(terminal.succeeds(get + "-o name")).isEqualTo("configmap/seen");
        assertThat(terminal.succeeds(get + "-o jsonpath='{.metadata.name}={.data.k}'"))
                .isEqualTo("seen=v");
        assertThat(terminal.succeeds(get + "-o go-template='{{range $k, $v := .data}}{{$k}}-{{$v}}{{end}}'"))
                .isEqualTo("k-v");
        assertThat(terminal.succeeds(get + "-o custom-columns=N:.metadata.name,K:.data.k,NO:.data.no"))
                .matches("N +K +NO\nseen +v +<none>");
        assertThat(terminal.succeeds("kubectl get nodes -o wide"))
                .containsPattern(
                        "^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP +EXTERNAL-IP +OS-IMAGE +KERNEL-VERSION +CONTAINER-RUNTIME\n"
                                + "node-a +Ready +<none> .* simulated://");
        assertThat(terminal.succeeds("kubectl get configmaps --sort-by=.metadata.name -o name --chunk-size=1"))
                .isEqualTo("configmap/kube-root-ca.crt\nconfigmap/notes\nconfigmap/seen");
        assertThat(terminal.succeeds(
                        "kubectl get configmaps --field-selector=metadata.name=seen --show-labels --no-headers"))
                .matches("seen +1 +\\S+ +<none>");
        assertThat(terminal.succeeds("kubectl get cm,svc -o name").lines()).contains("configmap/seen", "service/svc");
        assertThat(terminal.succeeds("kubectl get all -o name").lines()).contains("service/svc", "cronjob.batch/cj");
        assertThat(terminal.fails(1, "kubectl get configmap absent"))
                .isEqualTo("Error from server (NotFound): configmaps \"absent\" not found");
        assertThat(terminal.fails(1, "kubectl get absent"))
                .isEqualTo("error: the server doesn't have a resource type \"absent\"");
        assertThat(terminal.succeeds("kubectl get --raw /readyz")).isEqualTo("ok");
        assertThat(
                        terminal.succeeds(
                                "timeout 20 kubectl get configmap seen -w --request-timeout=1s --no-headers 2>/dev/null || true"))
                .matches("seen +1 +\\d+s");
    }

    private void describe() {
        assertThat(terminal.succeeds("kubectl describe configmap seen"))
                .startsWith("Name:         seen\n")
                .contains("k:\n----\nv\n");
        assertThat(terminal.succeeds("kubectl describe node node-a"))
                .contains("Conditions:")
                .contains("Allocatable:");
        assertThat(terminal.succeeds("kubectl describe service svc")).containsPattern("Selector: +app=svc");
    }

    private void explain() {
        assertThat(terminal.succeeds("kubectl explain pod.spec.containers"))
                .containsPattern("KIND: +Pod")
                .containsPattern("(FIELD|RESOURCE): containers <\\[\\]Container>")
                .contains("A single application container that you want to run within a pod.")
                .containsPattern("\n +name\t<string> -required-");
        assertThat(terminal.succeeds("kubectl explain deployments --recursive"))
                .containsPattern("GROUP: +apps")
                .containsPattern("\n +maxUnavailable\t<IntOrString>");
        assertThat(terminal.succeeds("kubectl explain hpa.spec.metrics --api-version=autoscaling/v2"))
                .contains("<[]MetricSpec>");
        assertThat(terminal.fails(1, "kubectl explain pod.spec.absent"))
                .endsWith("error: field \"absent\" does not exist");
    }

    private void customResources() {
        terminal.write("kites.yaml", CUSTOM);
        terminal.succeeds("kubectl apply -f kites.yaml");
        terminal.succeeds("kubectl wait --for=condition=Established crd/kites.toys.example.com --timeout=20s");
        terminal.write(
                "kite.yaml",
                "apiVersion: toys.example.com/v1\nkind: Kite\nmetadata: {name: one}\nspec: {colour: red}\n");
        assertThat(terminal.succeeds("until kubectl get kites; do sleep 0.2; done 2>&1; kubectl apply -f kite.yaml"))
                .endsWith("kite.toys.example.com/one created");
        assertThat(terminal.succeeds("kubectl get kt")).matches("NAME +COLOUR\none +red");
        assertThat(terminal.succeeds("until kubectl explain kites.spec.colour 2>/dev/null; do sleep 0.2; done"))
                .contains("What it looks like.");
        assertThat(terminal.fails(1, "sed s/red/green/ kite.yaml | kubectl apply -f -"))
                .contains(
                        "The Kite \"one\" is invalid: spec.colour: Unsupported value: \"green\": supported values: \"red\", \"blue\"");
        assertThat(terminal.fails(1, "sed s/colour/color/ kite.yaml | kubectl apply -f -"))
                .contains("strict decoding error: unknown field \"spec.color\"");
        assertThat(terminal.succeeds("kubectl delete -f kites.yaml --timeout=30s"))
                .startsWith("customresourcedefinition.apiextensions.k8s.io \"kites.toys.example.com\" deleted");
    }

    private void apis() {
        assertThat(terminal.succeeds("kubectl api-resources --namespaced --verbs=list -o name")
                        .lines())
                .contains("pods", "deployments.apps", "events.events.k8s.io")
                .doesNotContain("nodes", "bindings");
        assertThat(terminal.succeeds("kubectl api-resources --api-group=apps -o wide --no-headers"))
                .containsPattern(
                        "deployments +deploy +apps/v1 +true +Deployment +create,delete,deletecollection,get,list,patch,update,watch +all");
        assertThat(terminal.succeeds("kubectl api-versions").lines())
                .contains("v1", "apps/v1", "batch/v1", "rbac.authorization.k8s.io/v1")
                .isSorted();
    }

    private void server() {
        assertThat(terminal.succeeds("kubectl version -o json | jq -r .serverVersion.gitVersion"))
                .startsWith("v1.36.");
        assertThat(terminal.succeeds("kubectl cluster-info"))
                .contains("is running at")
                .contains("https://127.0.0.1:");
        assertThat(terminal.fails(1, "kubectl top nodes")).isEqualTo("error: Metrics API not available");
        assertThat(terminal.fails(1, "kubectl top pods")).isEqualTo("error: Metrics API not available");
    }

    private void proxy() throws IOException {
        var line = terminal.home().resolve("proxy");
        var proxy = terminal.start(
                "exec kubectl proxy --port=0", line, terminal.home().resolve("proxy-errors"));
        try {
            assertThat(terminal.succeeds("until grep -q Starting proxy 2>/dev/null; do sleep 0.05; done; "
                            + "curl -s http://$(sed 's/.* on //' proxy)/api/v1/nodes/node-a | jq -r .metadata.name"))
                    .isEqualTo("node-a");
        } finally {
            proxy.destroy();
        }
    }
}
