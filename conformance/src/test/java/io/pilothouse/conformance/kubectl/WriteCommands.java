package io.pilothouse.conformance.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Commands that write objects nothing reconciles. */
record WriteCommands(Terminal terminal) {
    private static final String NOTES = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: notes, labels: {app: notes}}
            data: {a: %s, b: two}
            """;
    private static final String WRONG = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: wrong}
            dat: {a: one}
            """;

    Stream<DynamicTest> tests() {
        return Stream.of(
                dynamicTest("apply", this::apply),
                dynamicTest("apply --server-side", this::applyOnTheServer),
                dynamicTest("edit", this::edit),
                dynamicTest("diff", this::diff),
                dynamicTest("patch", this::patch),
                dynamicTest("label and annotate", this::labelAndAnnotate),
                dynamicTest("create --validate", this::validate),
                dynamicTest("create of each kind", this::create),
                dynamicTest("replace and delete", this::replaceAndDelete));
    }

    private void apply() {
        terminal.write("notes.yaml", NOTES.formatted("one"));
        assertThat(terminal.succeeds("kubectl apply -f notes.yaml")).isEqualTo("configmap/notes created");
        assertThat(terminal.succeeds("kubectl apply -f notes.yaml")).isEqualTo("configmap/notes unchanged");
        terminal.write("notes.yaml", NOTES.formatted("changed").replace(", b: two", ", c: three"));
        assertThat(terminal.succeeds("kubectl apply -f notes.yaml --dry-run=server"))
                .isEqualTo("configmap/notes configured (server dry run)");
        assertThat(terminal.succeeds("kubectl apply -f notes.yaml")).isEqualTo("configmap/notes configured");
        assertThat(terminal.succeeds("kubectl get configmap notes -o jsonpath='{.data}'"))
                .isEqualTo("{\"a\":\"changed\",\"c\":\"three\"}");
        assertThat(terminal.succeeds("kubectl apply view-last-applied configmap/notes -o json"))
                .contains("\"c\": \"three\"");
    }

    private void applyOnTheServer() {
        assertThat(terminal.succeeds("kubectl apply --server-side -f notes.yaml"))
                .isEqualTo("configmap/notes serverside-applied");
        assertThat(terminal.succeeds("kubectl get configmap notes -o json --show-managed-fields"
                        + " | jq -c '[.metadata.managedFields[] | [.manager, .operation]]'"))
                .isEqualTo("[[\"kubectl\",\"Apply\"],[\"kubectl-last-applied\",\"Apply\"]]");
        terminal.write("other.yaml", NOTES.formatted("other"));
        assertThat(terminal.fails(1, "kubectl apply --server-side --field-manager=other -f other.yaml"))
                .contains("Apply failed with 1 conflict: conflict with \"kubectl\": .data.a");
        assertThat(terminal.succeeds(
                        "kubectl apply --server-side --field-manager=other --force-conflicts -f other.yaml"))
                .isEqualTo("configmap/notes serverside-applied");
        assertThat(terminal.succeeds("kubectl get configmap notes -o jsonpath='{.data}'"))
                .isEqualTo("{\"a\":\"other\",\"b\":\"two\",\"c\":\"three\"}");
        terminal.write("notes.yaml", "kind: ConfigMap\napiVersion: v1\nmetadata: {name: notes}\n");
        terminal.succeeds("kubectl apply --server-side -f notes.yaml");
        assertThat(terminal.succeeds("kubectl get configmap notes -o jsonpath='{.data}'"))
                .isEqualTo("{\"a\":\"other\",\"b\":\"two\"}");
    }

    private void edit() {
        assertThat(terminal.succeeds("KUBE_EDITOR=\"sed -i 's/b: two/b: edited/'\" kubectl edit configmap notes"))
                .isEqualTo("configmap/notes edited");
        assertThat(terminal.succeeds("kubectl get configmap notes -o jsonpath='{.data.b}'"))
                .isEqualTo("edited");
        assertThat(terminal.succeeds("KUBE_EDITOR=true kubectl edit configmap notes 2>&1"))
                .isEqualTo("Edit cancelled, no changes made.");
    }

    private void diff() {
        terminal.write("other.yaml", NOTES.formatted("other").replace("two", "differs"));
        for (String how : new String[] {"--server-side --field-manager=other --force-conflicts ", ""}) {
            assertThat(terminal.fails(1, "kubectl diff " + how + "-f other.yaml"))
                    .contains("-  b: edited")
                    .contains("+  b: differs");
        }
        assertThat(terminal.succeeds("kubectl get configmap notes -o jsonpath='{.data.b}'"))
                .isEqualTo("edited");
        terminal.succeeds("kubectl apply --server-side --field-manager=other --force-conflicts -f other.yaml");
        assertThat(terminal.succeeds("kubectl diff --server-side --field-manager=other -f other.yaml"))
                .isEmpty();
    }

    private void patch() {
        assertThat(terminal.succeeds(
                        "kubectl patch configmap notes --type=merge -p '{\"data\":{\"a\":null,\"m\":\"1\"}}'"))
                .isEqualTo("configmap/notes patched");
        terminal.succeeds(
                "kubectl patch configmap notes --type=json -p '[{\"op\":\"add\",\"path\":\"/data/j\",\"value\":\"2\"}]'");
        terminal.succeeds("kubectl patch configmap notes -p '{\"data\":{\"$patch\":\"replace\",\"s\":\"3\"}}'");
        assertThat(terminal.succeeds("kubectl patch configmap notes -p '{\"data\":{\"s\":\"3\"}}'"))
                .isEqualTo("configmap/notes patched (no change)");
        assertThat(terminal.succeeds("kubectl get configmap notes -o jsonpath='{.data}'"))
                .isEqualTo("{\"s\":\"3\"}");
        assertThat(
                        terminal.fails(
                                1,
                                "kubectl patch configmap notes --type=json -p '[{\"op\":\"test\",\"path\":\"/data/s\",\"value\":\"4\"}]'"))
                .startsWith("The request is invalid");
    }

    private void labelAndAnnotate() {
        assertThat(terminal.succeeds("kubectl label configmap notes tier=one")).isEqualTo("configmap/notes labeled");
        assertThat(terminal.fails(1, "kubectl label configmap notes tier=two"))
                .contains("'tier' already has a value (one), and --overwrite is false");
        terminal.succeeds("kubectl label configmap notes tier=two --overwrite");
        assertThat(terminal.succeeds("kubectl get configmaps -l 'tier in (two)' -o name"))
                .isEqualTo("configmap/notes");
        assertThat(terminal.succeeds("kubectl get configmaps -l tier -L tier --no-headers"))
                .matches("notes +1 +\\S+ +two");
        assertThat(terminal.succeeds("kubectl label configmap notes tier-")).isEqualTo("configmap/notes unlabeled");
        assertThat(terminal.succeeds("kubectl annotate configmap notes note=kept"))
                .matches("configmap/notes annotated?");
        assertThat(terminal.fails(1, "kubectl label configmap notes 'tier=not valid'"))
                .contains("a valid label must be an empty string or consist of alphanumeric characters");
        assertThat(terminal.succeeds("kubectl get configmap notes -o jsonpath='{.metadata.annotations.note}'"))
                .isEqualTo("kept");
    }

    private void validate() {
        terminal.write("wrong.yaml", WRONG);
        assertThat(terminal.fails(1, "kubectl create --validate=strict -f wrong.yaml"))
                .isEqualTo(
                        "Error from server (BadRequest): error when creating \"wrong.yaml\": ConfigMap in version \"v1\""
                                + " cannot be handled as a ConfigMap: strict decoding error: unknown field \"dat\"");
        assertThat(terminal.succeeds("kubectl create --validate=warn --dry-run=server -f wrong.yaml 2>&1"))
                .isEqualTo("Warning: unknown field \"dat\"\nconfigmap/wrong created (server dry run)");
        assertThat(terminal.succeeds("kubectl create --validate=ignore -f wrong.yaml 2>&1"))
                .isEqualTo("configmap/wrong created");
        assertThat(terminal.fails(1, "kubectl create -f wrong.yaml --validate=ignore"))
                .isEqualTo("Error from server (AlreadyExists): error when creating \"wrong.yaml\":"
                        + " configmaps \"wrong\" already exists");
        terminal.write("wrong.yaml", WRONG.replace("dat: {a: one}", "data: [one]"));
        assertThat(terminal.fails(1, "kubectl create -f wrong.yaml"))
                .contains("Error from server (BadRequest)")
                .contains("json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string");
    }

    private void create() {
        var created = terminal.succeeds("""
                set -e
                kubectl create secret generic s --from-literal=a=b
                kubectl create secret docker-registry d --docker-username=u --docker-password=p
                kubectl create service clusterip svc --tcp=80
                kubectl create quota q --hard=configmaps=100
                kubectl create cronjob cj --image=example.test/i:1 --schedule='0 0 * * *'
                kubectl create ingress ing --rule=example.test/=svc:80
                kubectl create poddisruptionbudget pdb --selector=app=none --min-available=1
                kubectl run single --image=example.test/i:1 --dry-run=server
                """);
        assertThat(created.lines())
                .containsExactly(
                        "secret/s created",
                        "secret/d created",
                        "service/svc created",
                        "resourcequota/q created",
                        "cronjob.batch/cj created",
                        "ingress.networking.k8s.io/ing created",
                        "poddisruptionbudget.policy/pdb created",
                        "pod/single created (server dry run)");
        assertThat(terminal.succeeds("kubectl get secrets --no-headers | sort"))
                .containsPattern("^d +kubernetes.io/dockerconfigjson +1 +\\S+\ns +Opaque +1 ");
        assertThat(terminal.fails(1, "kubectl create service clusterip 'Not_Valid' --tcp=80"))
                .contains(
                        "Service \"Not_Valid\" is invalid: metadata.name: Invalid value: \"Not_Valid\": a lowercase RFC 1123 label");
    }

    private void replaceAndDelete() {
        assertThat(terminal.succeeds(
                        "kubectl get configmap wrong -o json | jq '.data = {r: \"1\"}' | kubectl replace -f -"))
                .isEqualTo("configmap/wrong replaced");
        assertThat(terminal.succeeds("kubectl get configmap wrong -o json | kubectl replace --force -f -"))
                .matches("configmap \"wrong\" deleted( from \\S+ namespace)?\nconfigmap/wrong replaced");
        assertThat(terminal.succeeds("kubectl delete configmap wrong")).startsWith("configmap \"wrong\" deleted");
        assertThat(terminal.fails(1, "kubectl delete configmap wrong"))
                .isEqualTo("Error from server (NotFound): configmaps \"wrong\" not found");
        assertThat(terminal.succeeds("kubectl delete configmap wrong --ignore-not-found"))
                .isEmpty();
        assertThat(terminal.succeeds("kubectl delete secrets --all")).contains("secret \"d\" deleted");
        assertThat(terminal.succeeds("kubectl get secrets 2>&1")).startsWith("No resources found in ");
    }
}
