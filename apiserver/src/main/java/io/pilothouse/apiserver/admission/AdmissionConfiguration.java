package io.pilothouse.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The file of --admission-control-config-file (apiserver.config.k8s.io/v1 AdmissionConfiguration): what each plugin is told. */
public record AdmissionConfiguration(Map<String, JsonNode> plugins) {
    public static final AdmissionConfiguration EMPTY = new AdmissionConfiguration(Map.of());

    private static final Set<String> VERSIONS =
            Set.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1alpha1", "apiserver.k8s.io/v1alpha1");
    private static final List<String> FIELDS = List.of("name", "path", "configuration");

    public AdmissionConfiguration {
        plugins = Map.copyOf(plugins);
    }

    /**
     * Reads the file; paths in it are relative to its folder.
     *
     * @param file null for none
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    public static AdmissionConfiguration load(@Nullable Path file) throws IOException {
        if (file == null) {
            return EMPTY;
        }
        var root = read(file);
        if (!root.path("kind").asText("").equals("AdmissionConfiguration")
                || !VERSIONS.contains(root.path("apiVersion").asText(""))) {
            throw new IllegalArgumentException(
                    file + ": must be an AdmissionConfiguration of apiserver.config.k8s.io/v1");
        }
        var plugins = new HashMap<String, JsonNode>();
        for (var entry : root.path("plugins")) {
            var unknown = new TreeSet<String>();
            entry.fieldNames().forEachRemaining(unknown::add);
            FIELDS.forEach(unknown::remove);
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(
                        file + ": unknown fields of a plugin: " + String.join(", ", unknown));
            }
            String path = entry.path("path").asText("");
            if (entry.path("configuration").isObject()) {
                plugins.putIfAbsent(entry.path("name").asText(""), entry.path("configuration"));
            } else if (!path.isEmpty()) {
                plugins.putIfAbsent(entry.path("name").asText(""), read(file.resolveSibling(path)));
            }
        }
        return new AdmissionConfiguration(plugins);
    }

    private static JsonNode read(Path file) throws IOException {
        try {
            return Yaml.parse(Files.readAllBytes(file)).root();
        } catch (DecodeException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** What a plugin is told; missing where nothing is. */
    public JsonNode of(String plugin) {
        return plugins.getOrDefault(plugin, MissingNode.getInstance());
    }
}
