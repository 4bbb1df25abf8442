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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encryption at rest as {@code --encryption-provider-config} says, read anew when the file changes if so told. Safe for use by many threads.
 */
public final class EncryptionAtRest implements ValueTransformer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EncryptionAtRest.class);
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
    private final CountDownLatch ended = new CountDownLatch(1);
    private final boolean reloads;
    private volatile EncryptionConfig config;
    private byte[] read;

    private EncryptionAtRest(
            Path file, boolean reloads, Owners owners, Function<String, Duration> durations, Clock clock)
            throws IOException {
        this.file = file;
        this.reloads = reloads;
        this.owners = owners;
        this.durations = durations;
        this.clock = clock;
        this.read = Files.readAllBytes(file);
        this.config = load(read);
    }

    /**
     * Reads the file.
     *
     * @param reloadEvery how often it is looked at again; zero for never
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException saying all that is wrong with it
     */
    public static EncryptionAtRest start(
            Path file, Duration reloadEvery, Owners owners, Function<String, Duration> durations, Clock clock)
            throws IOException {
        var started = new EncryptionAtRest(file, !reloadEvery.isZero(), owners, durations, clock);
        if (!reloadEvery.isZero()) {
            Thread.ofVirtual().name("encryption-config").start(() -> started.follow(reloadEvery));
        }
        return started;
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

    private void follow(Duration every) {
        try {
            while (!ended.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    reload();
                } catch (IOException | IllegalArgumentException e) {
                    LOG.atError()
                            .addKeyValue("reason", e.getMessage())
                            .log("the changed encryption configuration is not taken over");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes over the file if it has changed and its key services are well. */
    synchronized void reload() throws IOException {
        byte[] now = Files.readAllBytes(file);
        if (Arrays.equals(now, read)) {
            return;
        }
        var fresh = load(now);
        String problems = fresh.problems();
        if (!problems.isEmpty()) {
            fresh.close();
            throw new IOException(problems);
        }
        var old = config;
        config = fresh;
        read = now;
        old.close();
        LOG.info("a changed encryption configuration was taken over");
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
        ended.countDown();
        config.close();
    }
}
