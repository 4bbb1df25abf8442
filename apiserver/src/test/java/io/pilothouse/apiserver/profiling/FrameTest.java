package io.pilothouse.apiserver.profiling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrameTest {
    @Test
    void readsWhatThreadDumpsPrint() {
        assertThat(Frame.parse("java.base/java.lang.Thread.sleep(Thread.java:540)"))
                .isEqualTo(new Frame("java.lang.Thread.sleep", "Thread.java", 540));
        assertThat(Frame.parse("app//io.example.A$B.run(A.java)"))
                .isEqualTo(new Frame("io.example.A$B.run", "A.java", 0));
        assertThat(Frame.parse("java.base/java.lang.Object.wait0(Native Method)"))
                .isEqualTo(new Frame("java.lang.Object.wait0", "", 0));
        assertThat(Frame.parse("io.example.A$$Lambda/0x00007f1c.run(Unknown Source)"))
                .isEqualTo(new Frame("io.example.A$$Lambda/0x00007f1c.run", "", 0));
    }

    @Test
    void guessesTheFileOfAClass() {
        assertThat(Frame.of("io.example.A$B", "run", -1))
                .isEqualTo(new Frame("io.example.A$B.run", "io/example/A.java", 0));
    }
}
