package io.pilothouse.apiserver.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Callable<Integer> body, String... arguments) {
        var flags = new FlagSet("pilothouse part");
        flags.section("Etcd");
        flags.list("--etcd-servers", List.of(), value -> {}, "etcd's client URLs")
                .required();
        flags.text("--etcd-prefix", "/registry", value -> {}, "a prefix");
        flags.section("Misc");
        flags.duration("--event-ttl", "1h", value -> {}, "");
        flags.truth("--profiling", true, value -> {}, "profiles");
        flags.level("--v", 0, value -> {}, "how much").shorthand('v');
        return new Program(
                        flags,
                        "A part",
                        "Kubernetes v1",
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments, body);
    }

    @Test
    void printsHelpAsUpstreamLaysItOut() {
        assertThat(run(() -> 7, "-h", "--version", "other")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        A part

                        Usage:
                          pilothouse part [flags]

                        Etcd flags:

                              --etcd-prefix string     a prefix (default "/registry")
                              --etcd-servers strings   etcd's client URLs (required)

                        Misc flags:

                              --event-ttl duration    (default 1h0m0s)
                              --profiling            profiles (default true)
                          -v, --v Level              how much

                        Global flags:

                          -h, --help      help for pilothouse part
                              --version   prints the version
                        """);
        assertThat(err.size()).isZero();
    }

    @Test
    void printsTheVersion() {
        assertThat(run(() -> 7, "--version")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Kubernetes v1\n");
    }

    @Test
    void runsWhatIsAskedFor() {
        assertThat(run(() -> 7, "--etcd-servers=x")).isEqualTo(7);
    }

    @Test
    void aWrongCommandLineIsToldWithWhereHelpIs() {
        assertThat(run(() -> 7)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("required flag(s) \"etcd-servers\" not set\nRun 'pilothouse part --help' for usage.\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void theBodyMayRefuseItsFlags() {
        assertThat(run(
                        () -> {
                            throw new FlagException("one\ntwo");
                        },
                        "--etcd-servers=x"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("one\ntwo\nRun ");
    }

    @Test
    void aFailureIsToldWithItsCauses() {
        assertThat(run(
                        () -> {
                            throw new IOException("not read", new IllegalStateException());
                        },
                        "--etcd-servers=x"))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("part: not read: IllegalStateException\n");
    }
}
