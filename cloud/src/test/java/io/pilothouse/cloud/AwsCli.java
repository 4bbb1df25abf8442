package io.pilothouse.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real AWS CLI against an endpoint. */
public final class AwsCli {
    private final Map<String, String> environment;

    /** What a run printed. */
    public record Result(int exit, String out, String err) {
        public JsonNode json() {
            try {
                return new ObjectMapper().readTree(out);
            } catch (IOException e) {
                throw new AssertionError(out, e);
            }
        }
    }

    private AwsCli(Map<String, String> environment) {
        this.environment = environment;
    }

    public static AwsCli with(String endpoint, String region, String keyId, String secret) {
        return new AwsCli(Map.of(
                "AWS_ENDPOINT_URL",
                endpoint,
                "AWS_REGION",
                region,
                "AWS_DEFAULT_REGION",
                region,
                "AWS_ACCESS_KEY_ID",
                keyId,
                "AWS_SECRET_ACCESS_KEY",
                secret,
                "AWS_MAX_ATTEMPTS",
                "1",
                "AWS_EC2_METADATA_DISABLED",
                "true",
                "HOME",
                "/nonexistent"));
    }

    public AwsCli and(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new AwsCli(more);
    }

    /** Runs it; the words of the command line are split at spaces unless given one by one. */
    public Result run(String... words) {
        List<String> command = new ArrayList<>(List.of("aws"));
        if (words.length == 1) {
            command.addAll(List.of(words[0].split(" ")));
        } else {
            command.addAll(List.of(words));
        }
        try {
            Path out = Files.createTempFile("aws", ".out");
            Path err = Files.createTempFile("aws", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().keySet().removeIf(n -> n.startsWith("AWS_"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Result result = new Result(
                    process.waitFor(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
            Files.delete(out);
            Files.delete(err);
            return result;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Runs it and expects success. */
    public JsonNode ok(String... words) {
        Result result = run(words);
        if (result.exit() != 0) {
            throw new AssertionError(String.join(" ", words) + " failed: " + result.err());
        }
        return result.out().isBlank() || result.out().charAt(0) != '{'
                ? new ObjectMapper().createObjectNode().put("text", result.out())
                : result.json();
    }

    /** Runs it and expects a failure; its message. */
    public String fails(String... words) {
        Result result = run(words);
        if (result.exit() == 0) {
            throw new AssertionError(String.join(" ", words) + " succeeded: " + result.out());
        }
        return result.err();
    }
}
