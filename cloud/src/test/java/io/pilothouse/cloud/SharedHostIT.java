package io.pilothouse.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.cloud.ec2.Ec2Model.LaunchData;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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

    private static final String TOKEN_USER_DATA = """
            #!/bin/bash
            url="$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest"
            curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 600' "$url/api/token" > "$HOME/new"
            mv "$HOME/new" "$HOME/token"
            until [ -e "$HOME/go" ]; do sleep 0.1; done
            curl -sf -H "X-aws-ec2-metadata-token: $(cat "$HOME/token")" "$url/meta-data/instance-id" > "$HOME/found"
            touch "$HOME/done"
            """;

    @Test
    void anInstanceFindsItsMetadataHoweverTheEndpointIsJoined(@TempDir Path directory) throws Exception {
        try (EmbeddedCloud cloud = EmbeddedCloud.start(config(directory), new FakeStateStore(), parts -> List.of())) {
            String instance = launch(cloud, USER_DATA);
            Path home = home(directory, instance);
            awaitFile(home.resolve("done"));
            assertThat(Files.readAllLines(home.resolve("found"))).containsExactly(instance, instance);
            cloud.parts().instances().terminate(instance, "test");
        }
    }

    @Test
    void anInstancesSessionTokenOutlivesTheRegionService(@TempDir Path directory) throws Exception {
        FakeStateStore state = new FakeStateStore();
        int port;
        String instance;
        Path home;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        EmbeddedCloud first = EmbeddedCloud.start(config(directory, port), state, parts -> List.of());
        try {
            instance = launch(first, TOKEN_USER_DATA);
            home = home(directory, instance);
            awaitFile(home.resolve("token"));
        } finally {
            first.detach();
        }
        try (EmbeddedCloud second = EmbeddedCloud.start(config(directory, port), state, parts -> List.of())) {
            Files.createFile(home.resolve("go"));
            awaitFile(home.resolve("done"));
            assertThat(home.resolve("found")).hasContent(instance);
            second.parts().instances().terminate(instance, "test");
        }
    }

    private static CloudConfig config(Path directory) {
        return config(directory, 0);
    }

    private static CloudConfig config(Path directory, int port) {
        return new CloudConfig(
                "pilot-1",
                "111122223333",
                directory,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                false,
                Map.of("PATH", System.getenv("PATH")));
    }

    private static String launch(EmbeddedCloud cloud, String userData) {
        String data = Base64.getEncoder().encodeToString(userData.getBytes(StandardCharsets.UTF_8));
        return cloud.parts()
                .instances()
                .launch(
                        new LaunchData("", "", "", data, "", List.of(), "", 0, Map.of()),
                        "subnet-0defaulta",
                        "r-1",
                        null,
                        Map.of())
                .id();
    }

    private static Path home(Path directory, String instance) {
        return directory.resolve("instances").resolve(instance).resolve("root");
    }

    private static void awaitFile(Path file) throws InterruptedException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as(file + " is there").isLessThan(end);
            Thread.sleep(50);
        }
    }
}
