package io.pilothouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class BytePipeTest {
    private static final int MEGABYTE = 1 << 20;

    @Test
    void readsWhatWasGivenAndThenTheEnd() throws IOException {
        var pipe = new BytePipe();
        pipe.put(new byte[] {1, 2});
        pipe.offer(new byte[] {3});
        pipe.end();
        pipe.put(new byte[] {4});
        assertThat(pipe.available()).isEqualTo(3);
        assertThat(pipe.readAllBytes()).containsExactly(1, 2, 3);
        assertThat(pipe.read()).isEqualTo(-1);
    }

    @Test
    void failsAfterWhatCameBefore() throws IOException {
        var pipe = new BytePipe();
        pipe.put(new byte[] {1});
        pipe.fail(new IOException("reset"));
        assertThat(pipe.read()).isEqualTo(1);
        assertThatThrownBy(pipe::read).hasMessage("reset");
        assertThatThrownBy(pipe::requireSound).hasMessage("reset");
    }

    @Test
    void aGiverWaitsForTheReader() throws Exception {
        var pipe = new BytePipe();
        pipe.put(new byte[MEGABYTE]);
        var giver = Thread.startVirtualThread(() -> pipe.put(new byte[] {7}));
        assertThat(giver.join(Duration.ofMillis(50))).isFalse();
        assertThat(pipe.readNBytes(MEGABYTE + 1)).endsWith(7);
        giver.join();
    }

    @Test
    void nobodyWaitsForAReaderThatIsGone() throws Exception {
        var pipe = new BytePipe();
        pipe.put(new byte[MEGABYTE]);
        var giver = Thread.startVirtualThread(() -> pipe.put(new byte[] {7}));
        pipe.close();
        giver.join();
        pipe.put(new byte[2 * MEGABYTE]);
        assertThat(pipe.available()).isZero();
        assertThat(pipe.read()).isEqualTo(-1);
    }

    @Test
    void asksForMoreWhenNothingIsLeft() throws IOException {
        var asked = new AtomicInteger();
        var pipe = new BytePipe(asked::incrementAndGet, Duration.ofMillis(20));
        pipe.offer(new byte[] {1, 2});
        assertThat(pipe.read()).isEqualTo(1);
        assertThat(asked).hasValue(0);
        assertThat(pipe.read()).isEqualTo(2);
        assertThat(asked).hasValue(1);
        assertThatThrownBy(pipe::read).isInstanceOf(BodyTimeoutException.class);
        assertThat(asked).hasValue(2);
    }
}
