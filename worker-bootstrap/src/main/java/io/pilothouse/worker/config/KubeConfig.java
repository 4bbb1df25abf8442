package io.pilothouse.worker.config;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads the kubeconfig that bootstrap.sh writes: a token, or {@code aws eks get-token}, which the agent does by itself. */
public final class KubeConfig {
    private KubeConfig() {}

    /**
     * The current context's access.
     *
     * @throws IOException when the file can't be read or used, with the reason
     */
    public static ClusterAccess read(Path file) throws IOException {
        Map<?, ?> root;
        try {
            root = map(new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file)));
        } catch (YAMLException e) {
            throw new IOException(file + " is not YAML: " + e.getMessage(), e);
        }
        Map<?, ?> context =
                map(named(root, "contexts", text(root, "current-context"), file).get("context"));
        Map<?, ?> cluster =
                map(named(root, "clusters", text(context, "cluster"), file).get("cluster"));
        Map<?, ?> user = map(named(root, "users", text(context, "user"), file).get("user"));
        String authority = text(cluster, "certificate-authority-data").isEmpty()
                ? text(cluster, "certificate-authority").isEmpty()
                        ? ""
                        : Files.readString(Path.of(text(cluster, "certificate-authority")))
                : new String(
                        Base64.getDecoder().decode(text(cluster, "certificate-authority-data")),
                        StandardCharsets.UTF_8);
        URI server = URI.create(text(cluster, "server"));
        if (!text(user, "token").isEmpty()) {
            return new ClusterAccess("", server, authority, text(user, "token"));
        }
        if (!text(user, "tokenFile").isEmpty()) {
            return new ClusterAccess(
                    "",
                    server,
                    authority,
                    Files.readString(Path.of(text(user, "tokenFile"))).strip());
        }
        List<?> arguments = map(user.get("exec")).get("args") instanceof List<?> list ? list : List.of();
        int at = arguments.indexOf("--cluster-name");
        if (!arguments.contains("get-token") || at < 0 || at + 1 >= arguments.size()) {
            throw new IOException(
                    file + ": the user has neither a token nor the exec of aws eks get-token --cluster-name NAME");
        }
        return new ClusterAccess(String.valueOf(arguments.get(at + 1)), server, authority, "");
    }

    private static Map<?, ?> named(Map<?, ?> root, String list, String name, Path file) throws IOException {
        if (root.get(list) instanceof List<?> entries) {
            for (Object entry : entries) {
                if (text(map(entry), "name").equals(name)) {
                    return map(entry);
                }
            }
        }
        throw new IOException(file + ": no \"" + name + "\" in " + list);
    }

    static Map<?, ?> map(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : value.toString();
    }
}
