package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ExpressionWarning;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Expressions that do not fit the types of a policy's objects are told of in its status, with a real API server's types. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PolicyStatusIT {
    private TestCluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    private static String policy(String name, String spec) {
        return """
                {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicy","metadata":{"name":"%s"},"spec":{
                "matchConstraints":{"resourceRules":[{"apiGroups":["apps",""],"apiVersions":["v1"],"operations":["CREATE"],
                "resources":["deployments","configmaps"]}]},%s}}""".formatted(name, spec);
    }

    private List<ExpressionWarning> warnings(String name, String spec) {
        cluster.client()
                .resource(cluster.client()
                        .getKubernetesSerialization()
                        .unmarshal(policy(name, spec), ValidatingAdmissionPolicy.class))
                .create();
        var policies = cluster.client().resources(ValidatingAdmissionPolicy.class);
        await().atMost(TestCluster.PATIENCE).until(() -> {
            var status = policies.withName(name).get().getStatus();
            return status != null && Long.valueOf(1).equals(status.getObservedGeneration());
        });
        return policies.withName(name).get().getStatus().getTypeChecking().getExpressionWarnings();
    }

    @Test
    void whatFitsIsObserved() {
        var found = warnings(
                "fits",
                "\"variables\":[{\"name\":\"n\",\"expression\":\"object.metadata.name\"}],\"validations\":[{\"expression\":"
                        + "\"variables.n.startsWith('a') && request.userInfo.username != '' && object.metadata.labels.exists(k, k == 'a')\"}]");
        assertThat(found).isEmpty();
    }

    @Test
    void whatDoesNotFitIsToldForEachType() {
        var found = warnings(
                "misfits",
                "\"validations\":[{\"expression\":\"object.spec.replicas > 1\",\"messageExpression\":\"'n: ' + object.metadata.generation\"}]");
        assertThat(found).hasSize(2);
        assertThat(found.get(0).getFieldRef()).isEqualTo("spec.validations[0].expression");
        assertThat(found.get(0).getWarning()).isEqualTo("""
                /v1, Kind=ConfigMap: ERROR: <input>:1:7: undefined field 'spec'
                 | object.spec.replicas > 1
                 | ......^
                """);
        assertThat(found.get(1).getFieldRef()).isEqualTo("spec.validations[0].messageExpression");
        assertThat(found.get(1).getWarning()).isEqualTo("""
                /v1, Kind=ConfigMap: ERROR: <input>:1:7: found no matching overload for '_+_' applied to '(string, int)'
                 | 'n: ' + object.metadata.generation
                 | ......^

                apps/v1, Kind=Deployment: ERROR: <input>:1:7: found no matching overload for '_+_' applied to '(string, int)'
                 | 'n: ' + object.metadata.generation
                 | ......^
                """);
    }
}
