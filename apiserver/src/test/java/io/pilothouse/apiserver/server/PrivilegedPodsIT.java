package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivilegedPodsIT {
    private static final String POD =
            "\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\"},{\"name\":\"b\",\"image\":\"i\",\"securityContext\":{\"privileged\":%s}}]}";

    @Test
    void withoutAllowPrivilegedNoContainerIs(@TempDir Path directory) throws Exception {
        try (var server = new ApiServerFixture(
                directory, "--allow-privileged=false", "--disable-admission-plugins", "ServiceAccount")) {
            var pods = "/api/v1/namespaces/default/pods";
            var refused = server.send("POST", pods, "{\"metadata\":{\"name\":\"p\"}," + POD.formatted(true) + "}");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body())
                    .contains(
                            "Pod \\\"p\\\" is invalid: spec.containers[1].securityContext.privileged: Forbidden: disallowed by cluster policy");
            assertThat(server.send("POST", pods, "{\"metadata\":{\"name\":\"p\"}," + POD.formatted(false) + "}")
                            .statusCode())
                    .isEqualTo(201);
            var deployment =
                    "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},"
                            + POD.formatted(true) + "}}}";
            assertThat(server.send("POST", "/apis/apps/v1/namespaces/default/deployments", deployment)
                            .body())
                    .contains(
                            "spec.template.spec.containers[1].securityContext.privileged: Forbidden: disallowed by cluster policy");
        }
    }
}
