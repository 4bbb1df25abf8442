package io.pilothouse.storage;

import static io.pilothouse.storage.EtcdStoreIT.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.storage.testing.EtcdProcess;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TransformedStoreIT {
    /** Bound to the key, as real encryption is. */
    static final class Xor implements ValueTransformer {
        @Override
        public byte[] toStorage(String key, byte[] value) {
            byte[] out = value.clone();
            for (int i = 0; i < out.length; i++) {
                out[i] ^= (byte) (key.hashCode() | 1);
            }
            return out;
        }

        @Override
        public byte[] fromStorage(String key, byte[] stored) {
            return toStorage(key, stored);
        }
    }

    @Test
    void valuesArePlainAboveAndTransformedBelow() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start();
                EtcdStore raw = EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint())));
                EtcdStore store = new TransformedStore(raw, new Xor())) {
            long first = store.create("/registry/a", bytes("secret"), 0);
            assertThat(Arrays.equals(raw.get("/registry/a").orElseThrow().value(), bytes("secret")))
                    .isFalse();
            assertThat(store.get("/registry/a").orElseThrow().value()).isEqualTo(bytes("secret"));
            assertThat(store.range("/", "0", 0, 0).keyValues().getFirst().value())
                    .isEqualTo(bytes("secret"));
            assertThatThrownBy(() -> store.update("/registry/a", bytes("x"), first + 100, 0))
                    .isInstanceOfSatisfying(
                            StorageException.RevisionConflict.class,
                            e -> assertThat(e.current().value()).isEqualTo(bytes("secret")));
            try (WatchCache<byte[]> cache =
                    WatchCache.start(raw, WatchCacheConfig.of("/registry/"), new Xor(), KeyValue::value)) {
                assertThat(cache.awaitFilled(Duration.ofSeconds(10))).isTrue();
                assertThat(cache.snapshot().get("/registry/a").orElseThrow().value())
                        .isEqualTo(bytes("secret"));
            }
        }
    }
}
