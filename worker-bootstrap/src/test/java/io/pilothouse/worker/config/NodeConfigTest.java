package io.pilothouse.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeConfigTest {
    private static final String ONE = """
            apiVersion: node.eks.aws/v1alpha1
            kind: NodeConfig
            spec:
              cluster: {name: demo, apiServerEndpoint: "https://10.0.0.1:443", certificateAuthority: Q0E=, cidr: 10.100.0.0/16}
            """;
    private static final String TWO = """
            apiVersion: node.eks.aws/v1alpha1
            kind: NodeConfig
            spec: {kubelet: {config: {maxPods: 7}, flags: ["--node-labels=a=b"]}}
            """;

    @Test
    void mergesPartsInOrder() throws IOException {
        String mime = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"B\"\n\n--B\nContent-Type: application/node.eks.aws\n\n" + ONE
                + "--B\nContent-Type: text/x-shellscript\n\n#!/bin/sh\n--B\nContent-Type: application/node.eks.aws\n\n"
                + Base64.getEncoder().encodeToString(TWO.getBytes(StandardCharsets.UTF_8)) + "\n--B--\n";

        NodeConfig config = NodeConfig.merge(UserDataParts.nodeConfigs(mime.getBytes(StandardCharsets.UTF_8)));

        assertThat(config.access().name()).isEqualTo("demo");
        assertThat(config.access().authorityPem()).isEqualTo("CA");
        assertThat(config.clusterDns()).isEqualTo("10.100.0.10");
        assertThat(config.maxPods()).isEqualTo(7);
        assertThat(config.kubeletFlags()).containsExactly("--node-labels=a=b");
    }

    @Test
    void namesEveryMistake() {
        assertThatThrownBy(() -> NodeConfig.merge(List.of(TWO, "spec: {containerd: {}}")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("spec.cluster.name is missing")
                .hasMessageContaining("spec.containerd is not supported");
    }

    @Test
    void leavesScriptsAlone() throws IOException {
        assertThat(UserDataParts.nodeConfigs("#!/bin/sh\necho node.eks.aws/v1".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}
