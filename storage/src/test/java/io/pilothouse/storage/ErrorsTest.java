package io.pilothouse.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class ErrorsTest {
    @Test
    void aConnectionThatBreaksUnderACallIsUnavailable() {
        var broke = Status.UNKNOWN
                .withDescription("channel closed")
                .withCause(new RuntimeException(new ClosedChannelException()))
                .asRuntimeException();
        assertThat(Errors.of(broke)).isInstanceOf(StorageException.Unavailable.class);
        assertThat(Errors.elsewhere(broke)).isTrue();
        assertThat(Errors.untouched(broke)).isFalse();
        var bug = Status.UNKNOWN.withDescription("panic").asRuntimeException();
        assertThat(Errors.of(bug)).isInstanceOf(StorageException.Failed.class);
        assertThat(Errors.elsewhere(bug)).isFalse();
    }
}
