package io.pilothouse.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import io.pilothouse.machinery.codec.Yaml;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Where a webhook is and how to call it: the current context of a kubeconfig file, as kube-apiserver reads it. Paths in the file are
 * relative to its folder.
 *
 * @param url of https
 * @param authorization the Authorization header, if the user has a token or a password
 */
public record WebhookTarget(URI url, ClientTls tls, Optional<String> authorization) {
    /** @throws IOException naming the file and what is wrong with it */
    public static WebhookTarget load(Path file) throws IOException {
        JsonNode config = Yaml.parse(Files.readAllBytes(file)).root();
        var context = named(config, "contexts", config.path("current-context").asText(""), "context", file);
        var cluster = named(config, "clusters", context.path("cluster").asText(""), "cluster", file);
        var user = context.path("user").asText("").isEmpty()
                ? context
                : named(config, "users", context.path("user").asText(""), "user", file);
        var url = url(cluster, file);
        if (user.has("exec") || user.has("auth-provider")) {
            throw new IOException(file + ": users with exec or auth-provider are not supported here");
        }
        var authorities = material(cluster, "certificate-authority", file);
        var tls = ClientTls.trusting(
                authorities.isPresent()
                        ? Pem.certificates(authorities.get(), file + ": certificate-authority")
                        : List.of());
        if (cluster.path("insecure-skip-tls-verify").asBoolean()) {
            tls = tls.unverified();
        }
        var certificate = material(user, "client-certificate", file);
        var key = material(user, "client-key", file);
        if (certificate.isPresent() != key.isPresent()) {
            throw new IOException(file + ": client-certificate and client-key go together");
        }
        if (certificate.isPresent() && key.isPresent()) {
            tls = tls.withIdentity(
                    Pem.certificates(certificate.get(), file + ": client-certificate"),
                    Pem.privateKey(key.get(), file + ": client-key"));
        }
        return new WebhookTarget(url, tls, authorization(user, file));
    }

    private static URI url(JsonNode cluster, Path file) throws IOException {
        try {
            var url = URI.create(cluster.path("server").asText(""));
            if (!"https".equals(url.getScheme()) || url.getHost() == null) {
                throw new IOException(file + ": server must be an https URL, not \"" + url + "\"");
            }
            return url.getRawPath().isEmpty() ? url.resolve("/") : url;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": server is not a URL", e);
        }
    }

    private static Optional<String> authorization(JsonNode user, Path file) throws IOException {
        if (user.hasNonNull("tokenFile")) {
            return Optional.of("Bearer "
                    + Files.readString(file.resolveSibling(user.get("tokenFile").asText()))
                            .strip());
        }
        if (user.hasNonNull("token")) {
            return Optional.of("Bearer " + user.get("token").asText());
        }
        if (user.hasNonNull("username")) {
            var pair =
                    user.get("username").asText() + ":" + user.path("password").asText("");
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return Optional.empty();
    }

    /** PEM given within the file, as {@code <name>-data}, or else in a file of its own. */
    private static Optional<byte[]> material(JsonNode holder, String name, Path file) throws IOException {
        if (holder.hasNonNull(name + "-data")) {
            try {
                return Optional.of(
                        Base64.getDecoder().decode(holder.get(name + "-data").asText()));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ": " + name + "-data is not base64", e);
            }
        }
        return holder.hasNonNull(name)
                ? Optional.of(
                        Files.readAllBytes(file.resolveSibling(holder.get(name).asText())))
                : Optional.empty();
    }

    private static JsonNode named(JsonNode config, String list, String name, String content, Path file)
            throws IOException {
        for (var entry : config.path(list)) {
            if (entry.path("name").asText("").equals(name)) {
                return entry.path(content);
            }
        }
        throw new IOException(file + ": "
                + (name.isEmpty() ? "no " + content + " is chosen" : content + " \"" + name + "\" is not there"));
    }

    /** Shows no credential. */
    @Override
    public String toString() {
        return "WebhookTarget[" + url + "]";
    }
}
