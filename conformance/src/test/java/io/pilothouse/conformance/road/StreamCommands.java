package io.pilothouse.conformance.road;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/**
 * The commands that reach into a running container, by one kubectl: the older ones speak SPDY, the newer WebSocket.
 *
 * @param kubectl the binary
 * @param pod a running pod of the sample, by its name
 * @param folder for files of its own
 */
record StreamCommands(Shell shell, Path kubectl, String pod, Path folder) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String IMAGE = "pilothouse.local/sample:1";

    /** Each of them once; {@code port} gives free ports, {@code answers} says whether a web server is at one. */
    void all(IntSupplier port, IntPredicate answers) throws IOException {
        Files.createDirectories(folder);
        exec();
        copy();
        attach();
        debug();
        forward(port.getAsInt(), answers);
    }

    private void exec() {
        var failing =
                shell.run(kubectl + " exec -c web " + pod + " -- sh -c 'echo out; echo err >&2; exit 3'", PATIENCE);
        assertThat(failing.code()).as(failing.output()).isEqualTo(3);
        assertThat(failing.output()).contains("out").contains("err").contains("exit code 3");
        assertThat(shell.succeed("seq 20000 | " + kubectl + " exec -i -c web " + pod + " -- wc -l"))
                .isEqualTo("20000");
        assertThat(shell.succeed("script -qec '" + kubectl + " exec -it -c web " + pod + " -- tty' /dev/null"))
                .contains("/dev/pts/");
    }

    private void copy() {
        var there = "/tmp/copied-by-" + folder.getFileName();
        shell.succeed(
                "seq 50000 >" + folder + "/sent && " + kubectl + " cp -c web " + folder + "/sent " + pod + ":" + there);
        shell.succeed(kubectl + " cp -c web " + pod + ":" + there + " " + folder + "/returned");
        shell.succeed("cmp " + folder + "/sent " + folder + "/returned");
    }

    private void attach() throws IOException {
        var name = "cat-" + folder.getFileName().toString().replaceAll("[^a-z0-9]", "-");
        assertThat(shell.succeed("echo through attach | " + kubectl + " run " + name + " --image=" + IMAGE
                        + " --restart=Never --rm -i --quiet --command -- cat"))
                .contains("through attach");
        var output = folder.resolve("attached");
        var attached = shell.start("exec " + kubectl + " attach -c web " + pod + " >" + output);
        try {
            Eventually.holds("what the container prints", PATIENCE, () -> {
                shell.succeed(kubectl + " exec -c web " + pod + " -- sh -c 'echo to the attached >/proc/1/fd/1'");
                return shell.succeed("cat " + output).contains("to the attached");
            });
        } finally {
            attached.destroy();
        }
    }

    /**
     * What is typed arrives, and its answer comes back. Standard input stays open meanwhile: where it ends, containerd ends what it would send,
     * too.
     */
    private void debug() {
        var keyboard = folder + "/keyboard";
        assertThat(shell.succeed("mkfifo " + keyboard + "; exec 3<>" + keyboard + "; echo typed >&3; " + kubectl
                        + " debug -i " + pod + " --image=" + IMAGE
                        + " --target=web -- sh -c 'read line; echo $line in $(hostname); sleep 1' <&3"))
                .contains("typed in " + pod);
    }

    private void forward(int port, IntPredicate answers) throws IOException {
        var forward = shell.start("exec " + kubectl + " port-forward " + pod + " " + port + ":8080");
        try {
            Eventually.holds("the forwarded port answers", PATIENCE, () -> answers.test(port));
        } finally {
            forward.destroy();
        }
    }
}
