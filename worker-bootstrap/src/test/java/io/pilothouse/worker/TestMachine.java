package io.pilothouse.worker;

import io.pilothouse.worker.cri.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A machine for a node: namespaces of its own on a bridge of the test, with the node agent kept running in it. Needs root. */
final class TestMachine implements AutoCloseable {
    private final String namespace;
    private final String link;
    private final Path home;
    private final Process process;
    private final String id;
    private final Path log;

    /** The link that machines are on; the test itself has the first address. */
    record Network(String bridge, String prefix) implements AutoCloseable {
        static Network open() throws IOException {
            int number = 100 + (int) (ProcessHandle.current().pid() % 100);
            Network network = new Network("pht" + number, "10.213." + number);
            Shell.run(Map.of(), "ip", "link", "add", network.bridge(), "type", "bridge");
            Shell.run(Map.of(), "ip", "addr", "add", network.address(1) + "/24", "dev", network.bridge());
            Shell.run(Map.of(), "ip", "link", "set", network.bridge(), "up");
            return network;
        }

        String address(int host) {
            return prefix + "." + host;
        }

        @Override
        public void close() {
            Shell.succeeds("ip", "link", "del", bridge);
        }
    }

    TestMachine(Network network, int host, Path home, List<String> arguments) throws IOException {
        this.id = network.bridge() + "-" + host;
        this.namespace = id;
        this.link = network.bridge() + "v" + host;
        this.home = Files.createDirectories(home);
        this.log = Files.createDirectories(Path.of("target/machines").toAbsolutePath())
                .resolve(home.getFileName() + ".log");
        Shell.run(Map.of(), "ip", "netns", "add", namespace);
        Shell.run(Map.of(), "ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        Shell.run(Map.of(), "ip", "link", "set", link, "master", network.bridge(), "up");
        Shell.run(Map.of(), "ip", "-n", namespace, "link", "set", "lo", "up");
        Shell.run(Map.of(), "ip", "-n", namespace, "addr", "add", network.address(host) + "/24", "dev", "eth0");
        Shell.run(Map.of(), "ip", "-n", namespace, "link", "set", "eth0", "up");
        Shell.run(Map.of(), "ip", "-n", namespace, "route", "add", "default", "via", network.address(1));
        Path boot = Files.writeString(home.resolve("boot.sh"), """
                mount -t tmpfs -o mode=755 tmpfs /run
                mkdir -p /run/lock /run/netns
                while :; do "$@"; echo "ended with $?"; sleep 0.3; done
                """);
        List<String> command = new ArrayList<>(List.of(
                "nsenter",
                "--net=/run/netns/" + namespace,
                "unshare",
                "--mount",
                "--pid",
                "--uts",
                "--ipc",
                "--fork",
                "--kill-child=KILL",
                "--mount-proc",
                "--propagation",
                "private",
                "bash",
                boot.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xss512k",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djdk.httpclient.allowRestrictedHeaders=host",
                "-cp",
                System.getProperty("java.class.path"),
                NodeMain.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("PILOTHOUSE_INSTANCE_ID", id);
        builder.environment()
                .put(
                        "PILOTHOUSE_INSTANCE_ROOT",
                        Files.createDirectories(home.resolve("root")).toString());
        this.process = builder.start();
        process.getOutputStream().close();
    }

    /** The pods' cgroup directories that are there now. */
    List<Path> cgroups() throws IOException {
        List<Path> all = new ArrayList<>();
        try (var tree = Files.find(
                Path.of("/sys/fs/cgroup"), 5, (p, a) -> p.toString().contains("/pilothouse/" + id + "/pod"))) {
            tree.filter(Files::isDirectory).forEach(all::add);
        }
        return all;
    }

    Path file(String name) {
        return home.resolve(name);
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Runs a command in the machine's network. */
    String inside(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        return Shell.run(Map.of(), all.toArray(String[]::new));
    }

    /** The processes of the machine that have that name. */
    List<ProcessHandle> processes(String name) {
        return process.descendants()
                .filter(p -> {
                    try {
                        return Files.readString(Path.of("/proc/" + p.pid() + "/comm"))
                                .strip()
                                .equals(name);
                    } catch (IOException e) {
                        return false;
                    }
                })
                .toList();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Shell.succeeds("ip", "netns", "del", namespace);
        Shell.succeeds("ip", "link", "del", link);
        for (int i = 0; i < 40 && !cgroups().isEmpty(); i++) {
            cgroups().stream()
                    .sorted(java.util.Comparator.reverseOrder())
                    .forEach(p -> p.toFile().delete());
        }
        try (var tree =
                Files.find(Path.of("/sys/fs/cgroup"), 3, (p, a) -> p.toString().endsWith("/pilothouse/" + id))) {
            tree.toList().forEach(p -> p.toFile().delete());
        }
    }
}
