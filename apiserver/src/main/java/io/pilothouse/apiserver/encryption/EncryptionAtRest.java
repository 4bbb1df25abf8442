package io.pilothouse.apiserver.encryption;

import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.storage.StorageException;
import io.pilothouse.storage.ValueTransformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Encryption at rest as {@code --encryption-provider-config} says, read anew if so told. Safe for use by many threads.
 */
public final class EncryptionAtRest implements ValueTransformer, AutoCloseable {
    private static final String VERSION = "apiserver.config.k8s.io/v1";

    /** Which resource a key of etcd belongs to. */
    @FunctionalInterface
    public interface Owners {
        Owner of(String key);
    }

    /** A resource, by its group. */
    public record Owner(String group, String resource) {}

    private final Path file;
    private final Owners owners;
    private final Function<String, Duration> durations;
    private final SecureRandom random = new SecureRandom();
    private final Clock clock;
    private final boolean reloads;
    private volatile EncryptionConfig config;

    private EncryptionAtRest(
            Path file, boolean reloads, Owners owners, Function<String, Duration> durations, Clock clock)
            throws IOException {
        this.file = file;
        this.reloads = reloads;
        this.owners = owners;
        this.durations = durations;
        this.clock = clock;
        this.config = load(Files.readAllBytes(file));
    }

    /**
     * Reads the file.
     *
     * @param reloads whether it will be read again
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException saying all that is wrong with it
     */
    public static EncryptionAtRest start(
            Path file, boolean reloads, Owners owners, Function<String, Duration> durations, Clock clock)
            throws IOException {
        return new EncryptionAtRest(file, reloads, owners, durations, clock);
    }

    private EncryptionConfig load(byte[] text) throws IOException {
        try {
            var root = Yaml.parse(text).root();
            if (!root.path("kind").asText().equals("EncryptionConfiguration")
                    || !root.path("apiVersion").asText().equals(VERSION)) {
                throw new IllegalArgumentException(
                        "--encryption-provider-config: " + file + " is no " + VERSION + " EncryptionConfiguration");
            }
            var errors = EncryptionValidation.check(root, durations);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException(
                        "--encryption-provider-config: error while parsing file: " + FieldError.aggregate(errors));
            }
            return EncryptionConfig.of(root, durations, random, clock);
        } catch (DecodeException e) {
            throw new IllegalArgumentException(
                    "--encryption-provider-config: error decoding encryption provider configuration file \"" + file
                            + "\": " + e.getMessage(),
                    e);
        } catch (GeneralSecurityException e) {
            throw new IOException("the encryption configuration cannot be used", e);
        }
    }

    /** Reads the file again and takes it over if it is good and its key services are well; else nothing has changed. */
    public synchronized void reload() throws IOException {
        var fresh = load(Files.readAllBytes(file));
        String problems = fresh.problems();
        if (!problems.isEmpty()) {
            fresh.close();
            throw new IOException(problems);
        }
        var old = config;
        config = fresh;
        old.close();
    }

    /** Whether there is something whose health can be asked for. */
    public boolean hasHealth() {
        return reloads || config.usesKeyServices();
    }

    /** What is wrong with the key services; empty if nothing is. */
    public String problems() {
        return config.problems();
    }

    @Override
    public byte[] toStorage(String key, byte[] value) {
        var provider = providers(key).getFirst();
        try {
            return Bytes.join(provider.prefix(), provider.seal(value, Bytes.of(key)));
        } catch (GeneralSecurityException e) {
            throw new StorageException.Failed("unable to encrypt " + key + ": " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] fromStorage(String key, byte[] stored) {
        return open(key, stored).plain();
    }

    @Override
    public boolean isStale(String key, byte[] stored) {
        return open(key, stored).stale();
    }

    private Provider.Opened open(String key, byte[] stored) {
        var providers = providers(key);
        GeneralSecurityException wrong = null;
        for (int i = 0; i < providers.size(); i++) {
            var provider = providers.get(i);
            byte[] prefix = provider.prefix();
            if (!Bytes.startsWith(stored, prefix)) {
                continue;
            }
            try {
                byte[] rest = prefix.length == 0 ? stored : Bytes.slice(stored, prefix.length, stored.length);
                var opened = provider.open(rest, Bytes.of(key));
                return i == 0 ? opened : new Provider.Opened(opened.plain(), true);
            } catch (GeneralSecurityException e) {
                wrong = e;
            }
        }
        String reason = wrong == null ? "no matching prefix found" : String.valueOf(wrong.getMessage());
        throw new StorageException.Failed("unable to transform key \"" + key + "\": " + reason, wrong);
    }

    private List<Provider> providers(String key) {
        var owner = owners.of(key);
        return config.providersOf(owner.group(), owner.resource());
    }

    @Override
    public void close() {
        config.close();
    }
}
