package io.pilothouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SharedBytesTest {
    /** Netty's flow control asks a frame for its size once more after it was told that all is written. */
    @Test
    void knowsItsLengthAfterItsMemoryWentToOthers() {
        var closed = new ArrayList<SharedBytes>();
        for (int i = 0; i < 1000; i++) {
            var bytes = SharedBytes.of(new byte[100]);
            bytes.close();
            closed.add(bytes);
            try (var other = SharedBytes.of(new byte[99])) {
                assertThat(other.length()).isEqualTo(99);
                assertThat(closed).allMatch(earlier -> earlier.length() == 100);
            }
        }
    }
}
