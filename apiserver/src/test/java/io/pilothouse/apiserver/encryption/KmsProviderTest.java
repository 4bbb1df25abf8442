package io.pilothouse.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KmsProviderTest {
    private static final byte[] CONTEXT = Bytes.of("/registry/secrets/a/b");
    private static final byte[] PLAIN = Bytes.of("value");

    private final FakeService service = new FakeService();
    private final ManualClock clock = new ManualClock();
    private final KmsProvider provider = KmsProvider.start("p", service, new SecureRandom(), clock);

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void oneSeedSealsManyValuesAndAnotherServerOpensThemThroughTheService() throws Exception {
        byte[] sealed = provider.seal(PLAIN, CONTEXT);
        provider.seal(PLAIN, CONTEXT);
        assertThat(service.encryptions).isOne();

        var other = KmsProvider.start("p", service, new SecureRandom(), clock);
        assertThat(other.open(sealed, CONTEXT).plain()).isEqualTo(PLAIN);
        assertThat(other.open(sealed, CONTEXT).stale()).isFalse();
        assertThat(service.decryptions).isOne();
        other.close();
    }

    @Test
    void anotherKeyOfTheServiceMakesValuesStale() throws Exception {
        byte[] sealed = provider.seal(PLAIN, CONTEXT);
        service.keyId = "k2";
        clock.pass(Duration.ofMinutes(1));
        assertThat(provider.check()).isEmpty();

        assertThat(provider.open(sealed, CONTEXT).stale()).isTrue();
        assertThat(EncryptedObject.decode(provider.seal(PLAIN, CONTEXT)).keyId())
                .isEqualTo("k2");
    }

    @Test
    void withoutTheServiceASeedLastsThreeMinutes() throws Exception {
        service.health = "broken";
        clock.pass(Duration.ofMinutes(2));
        assertThat(provider.check()).contains("got unexpected healthz status: broken");
        provider.seal(PLAIN, CONTEXT);

        clock.pass(Duration.ofMinutes(2));
        assertThatThrownBy(() -> provider.seal(PLAIN, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void theEnvelopeIsUpstreamsMessage() throws Exception {
        var object = new EncryptedObject(new byte[] {1, 2}, "id", new byte[] {3}, Map.of("a.b", new byte[] {4}), true);

        assertThat(object.encode())
                .containsExactly(
                        0x0a, 2, 1, 2, 0x12, 2, 'i', 'd', 0x1a, 1, 3, 0x22, 8, 0x0a, 3, 'a', '.', 'b', 0x12, 1, 4, 0x28,
                        1);
        var read = EncryptedObject.decode(object.encode());
        assertThat(read.data()).containsExactly(1, 2);
        assertThat(read.annotations().get("a.b")).containsExactly(4);
        assertThat(read.seeded()).isTrue();
    }

    /** Encrypts by turning every bit. */
    private static final class FakeService implements KeyService {
        private volatile String keyId = "k1";
        private volatile String health = "ok";
        private int encryptions;
        private int decryptions;

        @Override
        public Status status() {
            return new Status("v2", health, keyId);
        }

        @Override
        public Encrypted encrypt(byte[] plain) {
            encryptions++;
            return new Encrypted(turned(plain), keyId, Map.of());
        }

        @Override
        public byte[] decrypt(EncryptedObject object) throws IOException {
            decryptions++;
            return turned(object.source());
        }

        private static byte[] turned(byte[] bytes) {
            byte[] out = bytes.clone();
            for (int i = 0; i < out.length; i++) {
                out[i] ^= (byte) 0xff;
            }
            return out;
        }

        @Override
        public void close() {}
    }

    private static final class ManualClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
