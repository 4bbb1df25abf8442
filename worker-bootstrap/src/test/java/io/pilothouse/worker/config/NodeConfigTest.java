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
        String mime =
                "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"B\"\n\n--B\nContent-Type: application/node.eks.aws\n\n"
                        + ONE
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
        assertThat(UserDataParts.nodeConfigs("#!/bin/sh\necho node.eks.aws/v1".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void theNameServerIsTheTenthAddressOfTheRange() {
        assertThat(NodeConfig.dnsOf("172.20.0.0/16")).isEqualTo("172.20.0.10");
        assertThat(NodeConfig.dnsOf("10.3.7.192/26")).isEqualTo("10.3.7.202");
        assertThat(NodeConfig.dnsOf("192.168.1.17/12")).isEqualTo("192.160.0.10");
    }
}
