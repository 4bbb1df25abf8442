package io.pilothouse.worker.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpansionTest {
    @Test
    void expandsWhatIsKnown() {
        assertThat(Expansion.expand("$(A) $$(A) $(B) $A", Map.of("A", "x$1"))).isEqualTo("x$1 $(A) $(B) $A");
    }

    @Test
    void readsQuantities() {
        assertThat(Pods.quantity("250m")).isEqualByComparingTo("0.25");
        assertThat(Pods.quantity("64Mi").longValue()).isEqualTo(64L << 20);
        assertThat(Pods.quantity("1e3")).isEqualByComparingTo("1000");
    }
}
