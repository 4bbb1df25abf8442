package io.pilothouse.apiserver.encryption;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What an EncryptionConfiguration (apiserver.config.k8s.io/v1) says: how the values of each resource are stored. */
final class EncryptionConfig implements AutoCloseable {
    /** A resource, or all of a group, or all: {@code secrets}, {@code *.apps}, {@code *.}, {@code *.*}. */
    record Pattern(String group, String resource) {
        static Pattern parse(String text) {
            int dot = text.indexOf('.');
            return dot < 0 ? new Pattern("", text) : new Pattern(text.substring(dot + 1), text.substring(0, dot));
        }
    }

    private final Map<Pattern, List<Provider>> providers;
    private final List<KmsProvider> services;

    private EncryptionConfig(Map<Pattern, List<Provider>> providers, List<KmsProvider> services) {
        this.providers = Map.copyOf(providers);
        this.services = List.copyOf(services);
    }

    static EncryptionConfig none() {
        return new EncryptionConfig(Map.of(), List.of());
    }

    /**
     * Reads a valid configuration and starts what it needs.
     *
     * @param durations reads a duration such as 3s
     */
    static EncryptionConfig of(JsonNode config, Function<String, Duration> durations, SecureRandom random, Clock clock)
            throws GeneralSecurityException {
        var providers = new HashMap<Pattern, List<Provider>>();
        var services = new ArrayList<KmsProvider>();
        for (var entry : config.path("resources")) {
            var chain = new ArrayList<Provider>();
            for (var provider : entry.path("providers")) {
                chain.add(provider(provider, durations, random, clock, services));
            }
            for (var resource : entry.path("resources")) {
                providers
                        .computeIfAbsent(Pattern.parse(resource.asText()), p -> new ArrayList<>())
                        .addAll(chain);
            }
        }
        return new EncryptionConfig(providers, services);
    }

    private static Provider provider(
            JsonNode provider,
            Function<String, Duration> durations,
            SecureRandom random,
            Clock clock,
            List<KmsProvider> services)
            throws GeneralSecurityException {
        if (provider.hasNonNull("aescbc")) {
            return keyring(provider, "aescbc", secret -> AesCbc.of(secret, random));
        }
        if (provider.hasNonNull("aesgcm")) {
            return keyring(provider, "aesgcm", secret -> AesGcm.of(secret, random));
        }
        if (provider.hasNonNull("secretbox")) {
            return keyring(provider, "secretbox", secret -> new SecretBox(secret, random));
        }
        if (provider.hasNonNull("kms")) {
            var kms = provider.path("kms");
            var socket = Path.of(URI.create(kms.path("endpoint").asText()).getPath());
            var timeout = durations.apply(kms.path("timeout").asText("3s"));
            var started =
                    KmsProvider.start(kms.path("name").asText(), new GrpcKeyService(socket, timeout), random, clock);
            services.add(started);
            return started;
        }
        return Provider.IDENTITY;
    }

    private static Provider keyring(JsonNode provider, String kind, Function<byte[], SecretCipher> cipher) {
        var keys = new ArrayList<Keyring.Key>();
        for (var key : provider.path(kind).path("keys")) {
            byte[] secret = Base64.getDecoder().decode(key.path("secret").asText());
            keys.add(new Keyring.Key(key.path("name").asText(), cipher.apply(secret)));
        }
        return new Keyring(Bytes.of("k8s:enc:" + kind + ":v1:"), List.copyOf(keys));
    }

    /** How values of a resource are stored: the first provider writes, all read. */
    List<Provider> providersOf(String group, String resource) {
        for (var pattern : List.of(new Pattern(group, resource), new Pattern(group, "*"), new Pattern("*", "*"))) {
            var found = providers.get(pattern);
            if (found != null) {
                return found;
            }
        }
        return List.of(Provider.IDENTITY);
    }

    boolean usesKeyServices() {
        return !services.isEmpty();
    }

    /** What is wrong with the key services; empty if nothing is. */
    String problems() {
        var problems = new ArrayList<String>();
        for (int i = 0; i < services.size(); i++) {
            String problem = services.get(i).check();
            if (!problem.isEmpty()) {
                problems.add("kms-provider-" + i + ": " + problem);
            }
        }
        return String.join(", ", problems);
    }

    @Override
    public void close() {
        services.forEach(KmsProvider::close);
    }
}
