package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.cri.SandboxSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gets a container's image and starts one run of it. For one pod's worker. */
final class ContainerStarter {
    private final PodParts parts;
    private final Backoff pulls = new Backoff();
    private Instant failedAt = Instant.EPOCH;

    ContainerStarter(PodParts parts) {
        this.parts = parts;
    }

    /** Where the pod is. */
    record Place(String sandboxId, SandboxSpec sandbox, List<String> addresses, Map<String, Path> volumes) {}

    /**
     * Starts a run; returns the container's id.
     *
     * @param target the container whose processes it shall see; empty for none
     * @throws ConfigException with the reason to show
     */
    String start(JsonNode pod, JsonNode container, int attempt, String target, Place place) throws IOException {
        String name = container.path("name").asText();
        ContainerRuntime.Image image = image(pod, container);
        Map<String, String> environment = parts.environment().of(pod, container, place.addresses());
        String id;
        try {
            id = parts.runtime()
                    .create(
                            place.sandboxId(),
                            place.sandbox(),
                            parts.plan()
                                    .container(
                                            pod,
                                            container,
                                            new PodPlan.Run(
                                                    attempt,
                                                    image,
                                                    environment,
                                                    place.volumes(),
                                                    parts.volumes().home(pod),
                                                    target)));
        } catch (ConfigException e) {
            parts.events().warning(pod, name, "Failed", "Error: " + e.getMessage());
            throw e;
        } catch (IOException e) {
            parts.events().warning(pod, name, "Failed", "Error: " + e.getMessage());
            throw new ConfigException("CreateContainerError", String.valueOf(e.getMessage()));
        }
        parts.events().normal(pod, name, "Created", "Container created");
        try {
            parts.runtime().start(id);
        } catch (IOException e) {
            parts.events().warning(pod, name, "Failed", "Error: " + e.getMessage());
            throw new ConfigException("RunContainerError", String.valueOf(e.getMessage()));
        }
        parts.events().normal(pod, name, "Started", "Container started");
        postStart(pod, container, id, place);
        return id;
    }

    private void postStart(JsonNode pod, JsonNode container, String id, Place place) throws IOException {
        JsonNode hook = container.path("lifecycle").path("postStart");
        if (hook.isObject()) {
            String failure = parts.actions()
                    .run(
                            hook,
                            container,
                            id,
                            place.addresses().isEmpty() ? "" : place.addresses().getFirst(),
                            Duration.ofMinutes(2));
            if (!failure.isEmpty()) {
                parts.events()
                        .warning(
                                pod,
                                container.path("name").asText(),
                                "FailedPostStartHook",
                                "PostStartHook failed: " + failure);
                parts.runtime().stop(id, Duration.ofSeconds(2));
            }
        }
    }

    private ContainerRuntime.Image image(JsonNode pod, JsonNode container) throws IOException {
        String name = container.path("image").asText();
        String container_ = container.path("name").asText();
        String usual = name.endsWith(":latest")
                        || !(name.contains("@")
                                || name.substring(name.lastIndexOf('/') + 1).contains(":"))
                ? "Always"
                : "IfNotPresent";
        String policy = container.path("imagePullPolicy").asText(usual);
        Optional<ContainerRuntime.Image> present = parts.runtime().image(name);
        if (present.isPresent() && !policy.equals("Always")) {
            parts.events()
                    .normal(pod, container_, "Pulled", "Container image \"" + name + "\" already present on machine");
            return present.get();
        }
        if (policy.equals("Never")) {
            throw new ConfigException(
                    "ErrImageNeverPull", "Container image \"" + name + "\" is not present with pull policy of Never");
        }
        Instant now = parts.clock().instant();
        if (pulls.waiting(name, failedAt, now)) {
            throw new ConfigException("ImagePullBackOff", "Back-off pulling image \"" + name + "\"");
        }
        parts.events().normal(pod, container_, "Pulling", "Pulling image \"" + name + "\"");
        try {
            String id = parts.runtime().pull(name, auth(pod, name));
            ContainerRuntime.Image pulled =
                    parts.runtime().image(id).orElseThrow(() -> new IOException("image " + id + " is gone"));
            parts.events().normal(pod, container_, "Pulled", "Successfully pulled image \"" + name + "\"");
            return pulled;
        } catch (IOException e) {
            pulls.tried(name, now);
            failedAt = parts.clock().instant();
            parts.events()
                    .warning(pod, container_, "Failed", "Failed to pull image \"" + name + "\": " + e.getMessage());
            throw new ConfigException("ErrImagePull", String.valueOf(e.getMessage()));
        }
    }

    private Optional<ContainerRuntime.Auth> auth(JsonNode pod, String image) throws IOException {
        String registry = image.contains("/") ? image.substring(0, image.indexOf('/')) : "";
        for (JsonNode reference : pod.path("spec").path("imagePullSecrets")) {
            Optional<JsonNode> secret = parts.client()
                    .find("/api/v1/namespaces/" + Pods.namespace(pod) + "/secrets/"
                            + reference.path("name").asText());
            String encoded = secret.map(
                            s -> s.path("data").path(".dockerconfigjson").asText(""))
                    .orElse("");
            if (encoded.isEmpty()) {
                continue;
            }
            JsonNode auths = io.pilothouse.worker.kube.ApiClient.parse(
                            new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8))
                    .path("auths");
            for (Map.Entry<String, JsonNode> entry : auths.properties()) {
                if (entry.getKey()
                        .replaceFirst("^https?://", "")
                        .split("/", 2)[0]
                        .equals(registry)) {
                    String[] pair = entry.getValue().hasNonNull("auth")
                            ? new String(
                                            Base64.getDecoder()
                                                    .decode(entry.getValue()
                                                            .path("auth")
                                                            .asText()),
                                            StandardCharsets.UTF_8)
                                    .split(":", 2)
                            : new String[] {
                                entry.getValue().path("username").asText(),
                                entry.getValue().path("password").asText()
                            };
                    return pair.length == 2
                            ? Optional.of(new ContainerRuntime.Auth(pair[0], pair[1]))
                            : Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
