package io.pilothouse.worker.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An access key.
 *
 * @param sessionToken empty for a long-lived key
 */
public record AwsCredentials(String accessKeyId, String secretAccessKey, String sessionToken) {
    /**
     * From the environment, else the instance's role.
     *
     * @throws IOException when neither has one
     */
    public static AwsCredentials find(Map<String, String> environment, @Nullable InstanceMetadata metadata)
            throws IOException {
        String id = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
        if (!id.isEmpty()) {
            return new AwsCredentials(
                    id,
                    environment.getOrDefault("AWS_SECRET_ACCESS_KEY", ""),
                    environment.getOrDefault("AWS_SESSION_TOKEN", ""));
        }
        if (metadata == null) {
            throw new IOException("no AWS credentials: neither AWS_ACCESS_KEY_ID nor instance metadata");
        }
        String folder = "meta-data/iam/security-credentials/";
        String role = metadata.read(folder)
                .strip()
                .lines()
                .findFirst()
                .orElseThrow(() -> new IOException("the instance has no role"));
        JsonNode key = JsonMapper.builder().build().readTree(metadata.read(folder + role));
        return new AwsCredentials(
                key.path("AccessKeyId").asText(),
                key.path("SecretAccessKey").asText(),
                key.path("Token").asText());
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "AwsCredentials[" + accessKeyId + "]";
    }
}
