package io.pilothouse.apiserver.encryption;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Envelopes of a key service (KMS v2): values are encrypted under keys of a seed that the service has encrypted. One seed is used as long as the
 * service says that it would use the same key, so that it is asked once a minute and not for every value. Safe for use by many threads.
 */
final class KmsProvider implements Provider, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KmsProvider.class);
    private static final Duration SEED_LIFE = Duration.ofMinutes(3);
    private static final Duration HEALTHY_PAUSE = Duration.ofMinutes(1);
    private static final Duration SICK_PAUSE = Duration.ofSeconds(10);
    private static final Duration HEALTHY_HOLDS = Duration.ofSeconds(20);
    private static final Duration SICK_HOLDS = Duration.ofSeconds(3);
    private static final int MOST_SEEDS = 10_000;

    private final String name;
    private final KeyService service;
    private final SecureRandom random;
    private final Clock clock;
    private final Cache<String, SecretCipher> seeds = Caffeine.newBuilder()
            .maximumSize(MOST_SEEDS)
            .expireAfterAccess(Duration.ofHours(24))
            .build();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Current current;
    private String version = "";
    private Instant checked = Instant.MIN;
    private String problem = "not asked yet";

    /** The seed that encrypts, and until when it may. */
    private record Current(EncryptedObject envelope, SecretCipher cipher, Instant until) {}

    private KmsProvider(String name, KeyService service, SecureRandom random, Clock clock) {
        this.name = name;
        this.service = service;
        this.random = random;
        this.clock = clock;
    }

    /** Asks the service for its health and a first seed, then keeps asking until it is closed. A service that does not answer yet is no error. */
    static KmsProvider start(String name, KeyService service, SecureRandom random, Clock clock) {
        var provider = new KmsProvider(name, service, random, clock);
        boolean healthy = provider.check().isEmpty();
        Thread.ofVirtual().name("kms-" + name).start(() -> provider.run(healthy));
        return provider;
    }

    private void run(boolean startsHealthy) {
        boolean healthy = startsHealthy;
        try {
            while (!ended.await((healthy ? HEALTHY_PAUSE : SICK_PAUSE).toMillis(), TimeUnit.MILLISECONDS)) {
                healthy = check().isEmpty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is wrong with the service; empty if nothing is. Asked anew every few seconds. */
    synchronized String check() {
        var holds = problem.isEmpty() ? HEALTHY_HOLDS : SICK_HOLDS;
        if (checked.isAfter(Instant.MIN) && clock.instant().isBefore(checked.plus(holds))) {
            return problem;
        }
        try {
            examine(service.status());
            problem = "";
        } catch (IOException e) {
            problem = "failed to perform status section of the healthz check for KMS Provider " + name + ", error: "
                    + e.getMessage();
        } catch (GeneralSecurityException e) {
            problem = "kmsv2 Provider " + name + " is not healthy, error: " + e.getMessage();
        }
        if (!problem.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("provider", name)
                    .addKeyValue("reason", problem)
                    .log("a key service is not well");
        }
        checked = clock.instant();
        return problem;
    }

    private void examine(KeyService.Status status) throws GeneralSecurityException {
        if (!status.health().equals("ok")) {
            throw new GeneralSecurityException("got unexpected healthz status: " + status.health());
        }
        if (!status.version().equals("v2") && !status.version().equals("v2beta1")) {
            throw new GeneralSecurityException("expected KMSv2 API version v2, got " + status.version());
        }
        if (!version.isEmpty() && !version.equals(status.version())) {
            throw new GeneralSecurityException(
                    "KMSv2 API version should not change after the initial status response version " + version
                            + ", got " + status.version());
        }
        version = status.version();
        EncryptedObject.checkKeyId(status.keyId());
        var now = current;
        if (now != null && now.envelope().keyId().equals(status.keyId())) {
            current = new Current(now.envelope(), now.cipher(), clock.instant().plus(SEED_LIFE));
            return;
        }
        rotate(status.keyId());
    }

    private void rotate(String keyId) throws GeneralSecurityException {
        byte[] seed = new byte[ExtendedNonceGcm.SEED];
        random.nextBytes(seed);
        KeyService.Encrypted encrypted;
        try {
            encrypted = service.encrypt(seed);
        } catch (IOException e) {
            throw new GeneralSecurityException("failed to encrypt DEK, error: " + e.getMessage(), e);
        }
        if (!encrypted.keyId().equals(keyId)) {
            throw new GeneralSecurityException(
                    "failed to rotate DEK: the service's status and its answer name" + " different keys");
        }
        var envelope =
                new EncryptedObject(new byte[0], encrypted.keyId(), encrypted.source(), encrypted.annotations(), true);
        envelope.check();
        var cipher = ExtendedNonceGcm.of(seed, random);
        seeds.put(keyOf(envelope), cipher);
        current = new Current(envelope, cipher, clock.instant().plus(SEED_LIFE));
    }

    @Override
    public byte[] prefix() {
        return Bytes.of("k8s:enc:kms:v2:" + name + ":");
    }

    @Override
    public byte[] seal(byte[] plain, byte[] context) throws GeneralSecurityException {
        var now = current;
        if (now == null) {
            throw new GeneralSecurityException("the key service " + name + " has given no key yet");
        }
        if (clock.instant().isAfter(now.until())) {
            throw new GeneralSecurityException("encryptedDEKSource expired at " + now.until());
        }
        var envelope = now.envelope();
        return new EncryptedObject(
                        now.cipher().encrypt(plain, context),
                        envelope.keyId(),
                        envelope.source(),
                        envelope.annotations(),
                        true)
                .encode();
    }

    @Override
    public Opened open(byte[] sealed, byte[] context) throws GeneralSecurityException {
        var object = EncryptedObject.decode(sealed);
        String key = keyOf(object);
        var cipher = seeds.getIfPresent(key);
        if (cipher == null) {
            byte[] source = decrypt(object);
            cipher = object.seeded() ? ExtendedNonceGcm.of(source, random) : AesGcm.of(source, random);
            seeds.put(key, cipher);
        }
        var now = current;
        boolean stale = now != null
                && (!object.seeded() || !object.keyId().equals(now.envelope().keyId()));
        return new Opened(cipher.decrypt(object.data(), context), stale);
    }

    private byte[] decrypt(EncryptedObject object) throws GeneralSecurityException {
        try {
            return service.decrypt(object);
        } catch (IOException e) {
            throw new GeneralSecurityException("failed to decrypt DEK, error: " + e.getMessage(), e);
        }
    }

    private static String keyOf(EncryptedObject object) {
        return object.seeded() + " " + object.keyId() + " "
                + Base64.getEncoder().encodeToString(object.source());
    }

    @Override
    public void close() {
        ended.countDown();
        service.close();
    }

    @Override
    public String toString() {
        return "KmsProvider[" + name + "]";
    }
}
