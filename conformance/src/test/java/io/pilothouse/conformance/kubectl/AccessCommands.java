package io.pilothouse.conformance.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.pilothouse.conformance.Pki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Commands about who may do what, and their tokens and certificates. */
record AccessCommands(Terminal terminal, Pki pki) {
    Stream<DynamicTest> tests() {
        return Stream.of(
                dynamicTest("auth can-i", this::rights),
                dynamicTest("create token", this::token),
                dynamicTest("certificate", this::certificate));
    }

    private void rights() {
        terminal.succeeds("kubectl create role reader --verb=get,list --resource=configmaps,deployments.apps"
                + " && kubectl create rolebinding jane --role=reader --user=jane --serviceaccount=$(kubectl config view --minify"
                + " -o jsonpath='{..namespace}'):robot && kubectl create serviceaccount robot");
        assertThat(terminal.succeeds("kubectl auth can-i '*' '*'")).isEqualTo("yes");
        assertThat(terminal.succeeds("kubectl auth can-i get configmaps --as=jane"))
                .isEqualTo("yes");
        assertThat(terminal.fails(1, "kubectl auth can-i delete configmaps --as=jane"))
                .isEqualTo("no");
        assertThat(terminal.succeeds("kubectl auth can-i --list --as=jane"))
                .containsPattern("^Resources +Non-Resource URLs +Resource Names +Verbs\n")
                .containsPattern("configmaps +\\[\\] +\\[\\] +\\[get list\\]")
                .containsPattern("deployments.apps +\\[\\] +\\[\\] +\\[get list\\]");
        assertThat(terminal.succeeds("kubectl get configmap seen -o name --as=jane"))
                .isEqualTo("configmap/seen");
        assertThat(terminal.fails(1, "kubectl get secrets --as=jane"))
                .startsWith(
                        "Error from server (Forbidden): secrets is forbidden: User \"jane\" cannot list resource \"secrets\""
                                + " in API group \"\" in the namespace");
        var self = terminal.run("kubectl auth whoami -o jsonpath='{.status.userInfo.username}'");
        // The command of 1.27 knows only the beta of the review, which 1.36 does not serve.
        assertThat(self.output() + self.errors()).isIn("admin", """
                error: the selfsubjectreviews API is not enabled in the cluster
                enable APISelfSubjectReview feature gate and authentication.k8s.io/v1alpha1 or authentication.k8s.io/v1beta1 API""");
        assertThat(terminal.succeeds("kubectl get role reader -o yaml | kubectl auth reconcile -f -"))
                .startsWith("role.rbac.authorization.k8s.io/reader");
    }

    private void token() {
        var token = terminal.succeeds(
                "kubectl create token robot --duration=10m --audience=https://kubernetes.default.svc");
        assertThat(new String(
                        Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]),
                        java.nio.charset.StandardCharsets.UTF_8))
                .contains(":robot\"");
        var robot = "KUBECONFIG=robot.kubeconfig kubectl ";
        terminal.succeeds("sed 's/token: admin/token: " + token + "/' $KUBECONFIG > robot.kubeconfig");
        assertThat(terminal.succeeds(robot + "get configmap seen -o name")).isEqualTo("configmap/seen");
        assertThat(terminal.fails(1, robot + "delete configmap seen")).contains("(Forbidden)");
        assertThat(terminal.fails(1, "kubectl create token absent")).contains("serviceaccounts \"absent\" not found");
    }

    private void certificate() throws IOException {
        pki.request("jane", "/O=people/CN=jane");
        var request = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(pki.file("jane.csr"))));
        for (String name : new String[] {"jane", "joe"}) {
            terminal.write(name + ".yaml", """
                    apiVersion: certificates.k8s.io/v1
                    kind: CertificateSigningRequest
                    metadata: {name: %s}
                    spec: {request: %s, signerName: kubernetes.io/kube-apiserver-client, usages: [client auth]}
                    """.formatted(name, request));
            terminal.succeeds("kubectl create -f " + name + ".yaml");
        }
        assertThat(terminal.succeeds("kubectl certificate approve jane"))
                .isEqualTo("certificatesigningrequest.certificates.k8s.io/jane approved");
        assertThat(terminal.succeeds("kubectl certificate deny joe"))
                .isEqualTo("certificatesigningrequest.certificates.k8s.io/joe denied");
        terminal.succeeds("until [ -n \"$(kubectl get csr jane -o jsonpath='{.status.certificate}' | tee jane.b64)\" ];"
                + " do sleep 0.1; done; base64 -d jane.b64 > jane.crt");
        assertThat(terminal.succeeds("kubectl get csr jane joe --no-headers"))
                .containsPattern("jane .*Approved,Issued\njoe .*Denied$");
        assertThat(terminal.succeeds(
                        "kubectl get configmap seen -o name --token= --client-certificate=jane.crt --client-key="
                                + pki.file("jane.key")
                                + " --kubeconfig=<(grep -v ^users $KUBECONFIG | sed 's/, user: u//')"))
                .isEqualTo("configmap/seen");
        terminal.succeeds("kubectl delete csr jane joe");
    }
}
