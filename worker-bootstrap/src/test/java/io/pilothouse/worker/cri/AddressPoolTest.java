package io.pilothouse.worker.cri;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AddressPoolTest {
    @Test
    void givesEachOnceAndNoneOfTheEndsNorTheGateway() {
        var pool = new AddressPool("10.40.1.64/29");
        for (int i = 66; i <= 70; i++) {
            assertThat(pool.take()).contains("10.40.1." + i);
        }
        assertThat(pool.take()).isEmpty();
    }

    @Test
    void whatIsGivenBackComesAgainLast() {
        var pool = new AddressPool("10.40.1.64/29");
        assertThat(pool.take()).contains("10.40.1.66");
        pool.release("10.40.1.66");
        assertThat(pool.take()).contains("10.40.1.67");
        pool.release("192.0.2.1");
    }

    @Test
    void crossesOctets() {
        var pool = new AddressPool("10.40.0.0/23");
        for (int i = 0; i < 254; i++) {
            pool.take();
        }
        assertThat(pool.take()).contains("10.40.1.0");
    }
}
