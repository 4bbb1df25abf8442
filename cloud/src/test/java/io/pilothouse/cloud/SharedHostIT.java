package io.pilothouse.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.cloud.ec2.Ec2Model.LaunchData;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances without namespaces of their own, as where the region does not run as root. */
class SharedHostIT {
    // AWS CLIs of version 2 put the path right behind the endpoint, others put a slash between.
    private static final String USER_DATA = """
            #!/bin/bash
            for url in "${AWS_EC2_METADATA_SERVICE_ENDPOINT}latest" "$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest"; do
              token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$url/api/token")
              curl -sf -H "X-aws-ec2-metadata-token: $token" "$url/meta-data/instance-id" >> "$HOME/found"
              echo >> "$HOME/found"
            done
            touch "$HOME/done"
            """;

    @Test
    void anInstanceFindsItsMetadataHoweverTheEndpointIsJoined(@TempDir Path directory) throws Exception {
        CloudConfig config = new CloudConfig(
                "pilot-1",
                "111122223333",
                directory,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                false,
                Map.of("PATH", System.getenv("PATH")));
        try (EmbeddedCloud cloud = EmbeddedCloud.start(config, new FakeStateStore(), parts -> List.of())) {
            String data = Base64.getEncoder().encodeToString(USER_DATA.getBytes(StandardCharsets.UTF_8));
            var instance = cloud.parts()
                    .instances()
                    .launch(
                            new LaunchData("", "", "", data, "", List.of(), "", 0, Map.of()),
                            "subnet-0defaulta",
                            "r-1",
                            null,
                            Map.of());
            Path home = directory.resolve("instances").resolve(instance.id()).resolve("root");
            long end = System.nanoTime() + 30_000_000_000L;
            while (!Files.exists(home.resolve("done"))) {
                assertThat(System.nanoTime()).as("the user data has ended").isLessThan(end);
                Thread.sleep(50);
            }
            assertThat(Files.readAllLines(home.resolve("found"))).containsExactly(instance.id(), instance.id());
            cloud.parts().instances().terminate(instance.id(), "test");
        }
    }
}
