package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.worker.cri.Shell;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.kube.ApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a pod's volumes below its directory and keeps their content fresh. One pod's worker at a time for one pod. */
final class Volumes {
    private static final String ERROR = "FailedMount";
    private final ObjectReads client;
    private final FieldValues fields;
    private final Path directory;
    private final TokenSource tokens;

    Volumes(ObjectReads client, FieldValues fields, Path directory, TokenSource tokens) {
        this.client = client;
        this.fields = fields;
        this.directory = directory;
        this.tokens = tokens;
    }

    Path home(JsonNode pod) {
        return directory.resolve(Pods.uid(pod));
    }

    /**
     * Makes what is missing and refreshes what follows the API.
     *
     * @return the volumes' places on the machine, by name
     */
    Map<String, Path> prepare(JsonNode pod, List<String> addresses) throws IOException {
        Map<String, Path> all = new HashMap<>();
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            String name = volume.path("name").asText();
            Path place = home(pod).resolve("volumes").resolve(name);
            if (volume.has("hostPath")) {
                all.put(name, hostPath(volume.path("hostPath")));
            } else if (volume.has("emptyDir")) {
                emptyDir(pod, place, volume.path("emptyDir"));
                all.put(name, place);
            } else {
                ProjectedFiles.write(place, content(pod, volume, addresses), Ownership.group(pod));
                all.put(name, place);
            }
        }
        return all;
    }

    private static void emptyDir(JsonNode pod, Path place, JsonNode source) throws IOException {
        if (Files.exists(place)) {
            return;
        }
        Files.createDirectories(place);
        if (source.path("medium").asText("").equals("Memory")) {
            String size = source.path("sizeLimit").asText("");
            String options = "mode=777"
                    + (size.isEmpty() ? "" : ",size=" + Pods.quantity(size).toBigInteger());
            Shell.run(Map.of(), "mount", "-t", "tmpfs", "-o", options, "tmpfs", place.toString());
        }
        Files.setPosixFilePermissions(place, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        Ownership.writable(pod, place);
    }

    private static Path hostPath(JsonNode source) throws IOException {
        Path path = Path.of(source.path("path").asText());
        String type = source.path("type").asText("");
        switch (type) {
            case "DirectoryOrCreate" -> Files.createDirectories(path);
            case "FileOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createFile(path);
                }
            }
            case "Directory" -> require(Files.isDirectory(path), path, type);
            case "File" -> require(Files.isRegularFile(path), path, type);
            case "Socket", "CharDevice", "BlockDevice" -> require(Files.exists(path), path, type);
            default -> {} // whatever is there; the runtime makes a directory when nothing is
        }
        return path;
    }

    private static void require(boolean holds, Path path, String type) throws ConfigException {
        if (!holds) {
            throw new ConfigException(ERROR, "hostPath type check failed: " + path + " is not a " + type);
        }
    }

    private Map<String, ProjectedFiles.Content> content(JsonNode pod, JsonNode volume, List<String> addresses)
            throws IOException {
        Map<String, ProjectedFiles.Content> files = new TreeMap<>();
        if (volume.has("configMap")) {
            int mode = volume.path("configMap").path("defaultMode").asInt(0644);
            keys(
                    pod,
                    false,
                    volume.path("configMap"),
                    volume.path("configMap").path("name").asText(),
                    mode,
                    files);
        } else if (volume.has("secret")) {
            int mode = volume.path("secret").path("defaultMode").asInt(0644);
            keys(
                    pod,
                    true,
                    volume.path("secret"),
                    volume.path("secret").path("secretName").asText(),
                    mode,
                    files);
        } else if (volume.has("downwardAPI")) {
            downward(
                    pod,
                    volume.path("downwardAPI"),
                    volume.path("downwardAPI").path("defaultMode").asInt(0644),
                    addresses,
                    files);
        } else if (volume.has("projected")) {
            int mode = volume.path("projected").path("defaultMode").asInt(0644);
            for (JsonNode source : volume.path("projected").path("sources")) {
                projected(pod, source, mode, addresses, files);
            }
        } else {
            throw new ConfigException(
                    ERROR, "the type of volume " + volume.path("name").asText() + " is not supported by this node");
        }
        return files;
    }

    private void projected(
            JsonNode pod, JsonNode source, int mode, List<String> addresses, Map<String, ProjectedFiles.Content> files)
            throws IOException {
        if (source.has("configMap")) {
            keys(
                    pod,
                    false,
                    source.path("configMap"),
                    source.path("configMap").path("name").asText(),
                    mode,
                    files);
        } else if (source.has("secret")) {
            keys(
                    pod,
                    true,
                    source.path("secret"),
                    source.path("secret").path("name").asText(),
                    mode,
                    files);
        } else if (source.has("downwardAPI")) {
            downward(pod, source.path("downwardAPI"), mode, addresses, files);
        } else if (source.has("serviceAccountToken")) {
            JsonNode wanted = source.path("serviceAccountToken");
            byte[] token = tokens.token(pod, wanted).getBytes(StandardCharsets.UTF_8);
            // With a group of their own the pod's users read it by that; no others need to.
            files.put(
                    wanted.path("path").asText(),
                    new ProjectedFiles.Content(token, Ownership.group(pod).isPresent() ? 0600 : mode));
        } else {
            throw new ConfigException(
                    ERROR,
                    "a projected source is not supported by this node: "
                            + source.fieldNames().next());
        }
    }

    private void downward(
            JsonNode pod, JsonNode source, int mode, List<String> addresses, Map<String, ProjectedFiles.Content> files)
            throws IOException {
        for (JsonNode item : source.path("items")) {
            String value;
            if (item.has("fieldRef")) {
                value = fields.field(
                        pod, addresses, item.path("fieldRef").path("fieldPath").asText());
            } else {
                String container =
                        item.path("resourceFieldRef").path("containerName").asText();
                JsonNode found = Pods.list(pod.path("spec").path("containers")).stream()
                        .filter(c -> c.path("name").asText().equals(container))
                        .findFirst()
                        .orElse(ApiClient.object());
                value = fields.resource(found, item.path("resourceFieldRef"));
            }
            files.put(
                    item.path("path").asText(),
                    new ProjectedFiles.Content(
                            value.getBytes(StandardCharsets.UTF_8),
                            item.path("mode").asInt(mode)));
        }
    }

    private void keys(
            JsonNode pod,
            boolean secret,
            JsonNode source,
            String name,
            int mode,
            Map<String, ProjectedFiles.Content> files)
            throws IOException {
        JsonNode object;
        boolean optional = source.path("optional").asBoolean(false);
        try {
            object = client.read(
                    "/api/v1/namespaces/" + Pods.namespace(pod) + (secret ? "/secrets/" : "/configmaps/") + name);
        } catch (ApiException e) {
            if (e.code() == 404 && optional) {
                return;
            }
            throw new ConfigException(ERROR, "MountVolume.SetUp failed: " + e.getMessage());
        }
        Map<String, byte[]> data = new TreeMap<>();
        object.path("data")
                .properties()
                .forEach(e -> data.put(
                        e.getKey(),
                        secret
                                ? Base64.getDecoder().decode(e.getValue().asText())
                                : e.getValue().asText().getBytes(StandardCharsets.UTF_8)));
        object.path("binaryData")
                .properties()
                .forEach(e -> data.put(
                        e.getKey(), Base64.getDecoder().decode(e.getValue().asText())));
        if (!source.path("items").isArray()) {
            data.forEach((key, value) -> files.put(key, new ProjectedFiles.Content(value, mode)));
            return;
        }
        for (JsonNode item : source.path("items")) {
            byte[] value = data.get(item.path("key").asText());
            if (value != null) {
                files.put(
                        item.path("path").asText(),
                        new ProjectedFiles.Content(value, item.path("mode").asInt(mode)));
            } else if (!optional) {
                throw new ConfigException(
                        ERROR,
                        "references non-existent config key: "
                                + item.path("key").asText());
            }
        }
    }

    /** The pods that have files here. */
    java.util.List<String> pods() throws IOException {
        if (!Files.isDirectory(directory)) {
            return java.util.List.of();
        }
        try (java.util.stream.Stream<Path> all = Files.list(directory)) {
            return all.map(p -> p.getFileName().toString()).toList();
        }
    }

    /** Removes everything of a pod; memory volumes are unmounted before. */
    void remove(String uid) throws IOException {
        Path home = directory.resolve(uid);
        if (!Files.isDirectory(home)) {
            return;
        }
        String mounts = Files.readString(Path.of("/proc/self/mounts"));
        for (String line : mounts.lines().toList()) {
            String at = line.split(" ", -1)[1];
            if (at.startsWith(home + "/")) {
                Shell.run(Map.of(), "umount", "-l", at);
            }
        }
        Shell.run(Map.of(), "rm", "-rf", "--one-file-system", home.toString());
    }

    /** Asks for service account tokens, and again at four fifths of their lives. */
    static final class TokenSource {
        private final ApiClient client;
        private final java.time.Clock clock;
        private final Map<String, Token> tokens = new java.util.concurrent.ConcurrentHashMap<>();

        private record Token(String value, java.time.Instant renew) {}

        TokenSource(ApiClient client, java.time.Clock clock) {
            this.client = client;
            this.clock = clock;
        }

        String token(JsonNode pod, JsonNode wanted) throws IOException {
            String audience = wanted.path("audience").asText("");
            long seconds = wanted.path("expirationSeconds").asLong(3600);
            String key = Pods.uid(pod) + "/" + audience + "/" + seconds;
            Token present = tokens.get(key);
            if (present != null && clock.instant().isBefore(present.renew())) {
                return present.value();
            }
            ObjectNode request = ApiClient.object()
                    .put("apiVersion", "authentication.k8s.io/v1")
                    .put("kind", "TokenRequest");
            ObjectNode spec = request.putObject("spec").put("expirationSeconds", seconds);
            if (!audience.isEmpty()) {
                spec.putArray("audiences").add(audience);
            }
            spec.putObject("boundObjectRef")
                    .put("apiVersion", "v1")
                    .put("kind", "Pod")
                    .put("name", Pods.name(pod))
                    .put("uid", Pods.uid(pod));
            String account = pod.path("spec").path("serviceAccountName").asText("default");
            String token;
            try {
                token = client.create(
                                "/api/v1/namespaces/" + Pods.namespace(pod) + "/serviceaccounts/" + account + "/token",
                                request)
                        .path("status")
                        .path("token")
                        .asText();
            } catch (ApiException e) {
                throw new ConfigException(ERROR, "failed to fetch token: " + e.getMessage());
            }
            tokens.put(key, new Token(token, clock.instant().plusSeconds(seconds * 4 / 5)));
            return token;
        }

        void forget(String uid) {
            tokens.keySet().removeIf(k -> k.startsWith(uid + "/"));
        }
    }
}
