package io.pilothouse.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.codec.Yaml;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AuditPolicyTest {
    private static final UserInfo JOE = UserInfo.of("joe", "devs");

    @Test
    void theFirstRuleThatMatchesDecides() {
        var policy = policy("""
                omitStages: [RequestReceived]
                rules:
                - {level: None, nonResourceURLs: ["/healthz*"]}
                - {level: None, users: ["system:kube-proxy"], verbs: [watch]}
                - level: RequestResponse
                  omitManagedFields: true
                  omitStages: [ResponseStarted]
                  resources: [{group: "", resources: [pods, "*/status", "nodes/*"]}]
                  namespaces: [a]
                - {level: Request, userGroups: [devs], resources: [{group: apps, resources: [deployments], resourceNames: [x]}]}
                - {level: Metadata, resources: [{group: apps}]}
                """);

        assertThat(level(policy, "/healthz/etcd")).isEqualTo(Level.NONE);
        assertThat(level(policy, "/api/v1/namespaces/a/pods/p")).isEqualTo(Level.REQUEST_RESPONSE);
        assertThat(level(policy, "/api/v1/namespaces/b/pods/p")).isEqualTo(Level.NONE);
        assertThat(level(policy, "/api/v1/namespaces/a/services/s/status")).isEqualTo(Level.REQUEST_RESPONSE);
        assertThat(level(policy, "/api/v1/namespaces/a/pods/p/log")).isEqualTo(Level.NONE);
        assertThat(level(policy, "/apis/apps/v1/namespaces/a/deployments/x")).isEqualTo(Level.REQUEST);
        assertThat(level(policy, "/apis/apps/v1/namespaces/a/deployments/y")).isEqualTo(Level.METADATA);

        var decision = policy.decide(JOE, info("/api/v1/namespaces/a/pods/p"));
        assertThat(decision.omitted()).containsExactlyInAnyOrder(Stage.REQUEST_RECEIVED, Stage.RESPONSE_STARTED);
        assertThat(decision.omitManagedFields()).isTrue();
    }

    @Test
    void aWrongPolicyIsRefusedWithAllItsMistakes() {
        assertThatThrownBy(() -> policy("""
                omitStages: [Never]
                rules:
                - {level: Loud, nonResourceURLs: ["healthz", "/a*b"], resources: [{group: "", resourceNames: [x]}]}
                """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed stages are")
                .hasMessageContaining("rules[0].level: Unsupported value")
                .hasMessageContaining("rules cannot apply to both regular resources and non-resource URLs")
                .hasMessageContaining("non-resource URL rules must begin with a '/' character")
                .hasMessageContaining("must be the final character of the rule")
                .hasMessageContaining("using resourceNames requires at least one resource");
    }

    private static Level level(AuditPolicy policy, String path) {
        return policy.decide(JOE, info(path)).level();
    }

    private static RequestInfo info(String path) {
        return RequestInfo.parse("GET", path, Query.parse(""));
    }

    private static AuditPolicy policy(String text) {
        String whole = "kind: Policy\napiVersion: audit.k8s.io/v1\n" + text;
        return AuditPolicy.of(Yaml.parse(whole.getBytes(StandardCharsets.UTF_8)).root(), "policy.yaml");
    }
}
