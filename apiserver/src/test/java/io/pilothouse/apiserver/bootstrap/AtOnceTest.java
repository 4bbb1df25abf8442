package io.pilothouse.apiserver.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

class AtOnceTest {
    @Test
    void doesAllAtTheSameTime() {
        var all = List.of(1, 2, 3, 4, 5);
        var done = new ConcurrentSkipListSet<Integer>();
        var together = new CyclicBarrier(all.size());

        AtOnce.each(all, one -> {
            try {
                together.await();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            done.add(one);
        });

        assertThat(done).containsExactlyElementsOf(all);
    }

    @Test
    void doesTheOthersWhereOneFails() {
        var done = new ConcurrentSkipListSet<Integer>();

        assertThatThrownBy(() -> AtOnce.each(List.of(1, 2, 3), one -> {
                    if (one == 2) {
                        throw new IllegalArgumentException("two");
                    }
                    done.add(one);
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two");
        assertThat(done).containsExactly(1, 3);
    }
}
