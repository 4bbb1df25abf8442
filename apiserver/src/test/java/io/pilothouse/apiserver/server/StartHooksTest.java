package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StartHooksTest {
    private final ApiServerOptions options = new ApiServerOptions();

    @Test
    void aHookFailsUntilItIsDone() {
        var hooks = StartHooks.of(options);
        assertThatThrownBy(() -> hooks.require("bootstrap-controller")).hasMessage("not finished");
        hooks.done("bootstrap-controller", "aggregator-reload-proxy-client-cert");
        assertThatCode(() -> hooks.require("bootstrap-controller")).doesNotThrowAnyException();
        assertThatThrownBy(() -> hooks.require("rbac/bootstrap-roles")).hasMessage("not finished");
    }

    @Test
    void flagsDecideWhichThereAre() {
        options.priorityAndFairness = false;
        assertThat(StartHooks.of(options).names())
                .contains("max-in-flight-filter")
                .doesNotContain("priority-and-fairness-filter", "aggregator-reload-proxy-client-cert");
        options.priorityAndFairness = true;
        options.proxyClientCertFile = Path.of("proxy.crt");
        options.encryptionConfig = Path.of("encryption.yaml");
        options.encryptionReload = true;
        assertThat(StartHooks.of(options).names())
                .startsWith(
                        "start-apiserver-admission-initializer",
                        "start-encryption-provider-config-automatic-reload",
                        "generic-apiserver-start-informers",
                        "priority-and-fairness-config-consumer")
                .contains("aggregator-reload-proxy-client-cert")
                .doesNotContain("max-in-flight-filter");
    }
}
