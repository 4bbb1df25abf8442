package io.pilothouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class VerbosityTest {
    private final Logger log = LoggerFactory.getLogger("io.pilothouse.any");

    @AfterEach
    void asTheEnvironmentSays() {
        Verbosity.set(0);
    }

    @Test
    void requestsAreLoggedFromThreeOnAndEverythingFromSix() {
        Verbosity.set(2);
        assertThat(log.isDebugEnabled()).isFalse();
        Verbosity.set(3);
        assertThat(log.isDebugEnabled()).isTrue();
        assertThat(log.isTraceEnabled()).isFalse();
        Verbosity.set(6);
        assertThat(log.isTraceEnabled()).isTrue();
    }
}
