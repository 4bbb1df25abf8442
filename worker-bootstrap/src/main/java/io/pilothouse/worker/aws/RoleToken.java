package io.pilothouse.worker.aws;

import io.pilothouse.worker.kube.Credentials;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Credentials of the instance's role; a token is used for ten of its fifteen minutes. */
public final class RoleToken implements Credentials {
    private static final Duration USE = Duration.ofMinutes(10);
    private final String cluster;
    private final String region;
    private final Map<String, String> environment;
    private final @Nullable InstanceMetadata metadata;
    private final Clock clock;
    private String token = "";
    private Instant end = Instant.MIN;

    /** @param environment the process's, for endpoints and keys */
    public RoleToken(
            String cluster,
            String region,
            Map<String, String> environment,
            @Nullable InstanceMetadata metadata,
            Clock clock) {
        this.cluster = cluster;
        this.region = region;
        this.environment = Map.copyOf(environment);
        this.metadata = metadata;
        this.clock = clock;
    }

    @Override
    public synchronized String token() throws IOException {
        Instant now = clock.instant();
        if (!now.isBefore(end)) {
            AwsCredentials credentials = AwsCredentials.find(environment, metadata);
            token = ClusterToken.create(
                    cluster, region, credentials, ClusterToken.stsEndpoint(environment, region), now);
            end = now.plus(USE);
        }
        return token;
    }

    @Override
    public synchronized void refused() {
        end = Instant.MIN;
    }
}
