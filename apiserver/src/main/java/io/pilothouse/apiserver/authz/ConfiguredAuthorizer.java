package io.pilothouse.apiserver.authz;

import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.apiserver.webhook.WebhookClient;
import io.pilothouse.apiserver.webhook.WebhookTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Asks whom the file of an AuthorizationConfiguration names, in its order; the file may be read anew. Safe for use by many threads.
 */
public final class ConfiguredAuthorizer implements Authorizer {
    /** Watches what an authorizer decides. */
    @FunctionalInterface
    public interface Observer {
        /** An authorizer that decides the same. */
        Authorizer observe(String type, String name, Authorizer authorizer);
    }

    private static final Duration AUTHORIZED = Duration.ofMinutes(5);
    private static final Duration UNAUTHORIZED = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Path file;
    private final Map<String, Authorizer> own;
    private final Function<String, Duration> durations;
    private final Observer observer;
    private final ClientMetrics metrics;
    private final Set<String> required;
    private volatile Authorizer current;

    private ConfiguredAuthorizer(
            Path file,
            Map<String, Authorizer> own,
            Observer observer,
            ClientMetrics metrics,
            Function<String, Duration> durations)
            throws IOException {
        this.observer = observer;
        this.metrics = metrics;
        this.file = file;
        this.own = Map.copyOf(own);
        this.durations = durations;
        var config = AuthorizationConfig.parse(Files.readAllBytes(file), Set.of(), durations);
        this.required = config.entries().stream()
                .filter(entry -> !entry.asksWebhook())
                .map(AuthorizationConfig.Entry::type)
                .collect(Collectors.toUnmodifiableSet());
        this.current = made(config);
    }

    /**
     * Reads the file.
     *
     * @param own those that are no webhooks, by their types
     * @param durations reads a duration such as 3s
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException saying all that is wrong with it
     */
    public static ConfiguredAuthorizer open(
            Path file,
            Map<String, Authorizer> own,
            Observer observer,
            ClientMetrics metrics,
            Function<String, Duration> durations)
            throws IOException {
        return new ConfiguredAuthorizer(file, own, observer, metrics, durations);
    }

    /** The types of those whom a file names. The same errors. */
    public static Set<String> typesOf(Path file, Function<String, Duration> durations) throws IOException {
        return AuthorizationConfig.parse(Files.readAllBytes(file), Set.of(), durations).entries().stream()
                .map(AuthorizationConfig.Entry::type)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Authorizer made(AuthorizationConfig config) throws IOException {
        List<Authorizer> all = new ArrayList<>();
        for (var entry : config.entries()) {
            if (entry.asksWebhook()) {
                all.add(observer.observe(entry.type(), entry.name(), webhook(entry)));
                continue;
            }
            var known = own.get(entry.type());
            if (known == null || (!required.contains(entry.type()) && isStateful(entry.type()))) {
                throw new IllegalArgumentException("authorizer type " + entry.type()
                        + " is not allowed if it was not enabled at initial server startup");
            }
            all.add(observer.observe(entry.type(), entry.name(), known));
        }
        return Authorizer.inOrder(all);
    }

    private static boolean isStateful(String type) {
        return type.equals("Node") || type.equals("RBAC");
    }

    private Authorizer webhook(AuthorizationConfig.Entry entry) throws IOException {
        var config = entry.webhook();
        var target = WebhookTarget.load(
                Path.of(config.path("connectionInfo").path("kubeConfigFile").asText()));
        var client = new WebhookClient(
                target, metrics, PAUSE, durations.apply(config.path("timeout").asText()));
        var keep = new WebhookAuthorizer.Keep(
                config.path("cacheAuthorizedRequests").asBoolean(true)
                        ? ttl(config.path("authorizedTTL").asText(""), AUTHORIZED)
                        : Duration.ZERO,
                config.path("cacheUnauthorizedRequests").asBoolean(true)
                        ? ttl(config.path("unauthorizedTTL").asText(""), UNAUTHORIZED)
                        : Duration.ZERO);
        List<String> conditions = new ArrayList<>();
        config.path("matchConditions")
                .forEach(c -> conditions.add(c.path("expression").asText()));
        return new ConditionalWebhook(
                WebhookAuthorizer.of(
                        client, config.path("subjectAccessReviewVersion").asText(), keep),
                conditions,
                config.path("failurePolicy").asText().equals("Deny"));
    }

    private Duration ttl(String text, Duration usual) {
        var ttl = text.isEmpty() ? usual : durations.apply(text);
        return ttl.isZero() ? usual : ttl;
    }

    /**
     * Reads the file again and takes it over.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException saying all that is wrong with it; nothing has changed then
     */
    public void reload() throws IOException {
        current = made(AuthorizationConfig.parse(Files.readAllBytes(file), required, durations));
    }

    @Override
    public Decision authorize(Attributes attributes) {
        return current.authorize(attributes);
    }
}
