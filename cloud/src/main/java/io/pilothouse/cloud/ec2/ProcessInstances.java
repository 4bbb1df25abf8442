package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Model.InstanceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Instances as process trees. With an isolated network each has its own network, mount, process, host name and IPC namespaces, so that
 * ending its first process ends them all, and its own empty /run; else it is a session of plain processes, told apart by a variable in
 * their environment. Each has a directory for its files (environment variable PILOTHOUSE_INSTANCE_ROOT, also HOME).
 */
public final class ProcessInstances implements InstanceRuntime {
    private static final Logger log = LoggerFactory.getLogger(ProcessInstances.class);
    private static final String MARK = "PILOTHOUSE_INSTANCE_ID";
    private static final int END_WAIT_MILLIS = 5000;
    private final Path directory;
    private final VpcNetwork network;
    private final InstanceCgroups cgroups = new InstanceCgroups(Path.of("/sys/fs/cgroup"));
    private final Function<Instance, Map<String, String>> environment;

    /**
     * @param directory where the instances' directories are
     * @param environment what an instance's processes get besides PATH, HOME and the instance's own variables
     */
    public ProcessInstances(Path directory, VpcNetwork network, Function<Instance, Map<String, String>> environment) {
        this.directory = directory.toAbsolutePath();
        this.network = network;
        this.environment = environment;
    }

    @Override
    public InstanceProcess start(Instance instance) throws IOException {
        Path home = home(instance);
        Path root = Files.createDirectories(home.resolve("root"));
        writeFiles(instance, home);
        List<String> command = new ArrayList<>(List.of("setsid"));
        if (network.isolated()) {
            connect(instance);
            command.addAll(List.of(
                    "nsenter",
                    "--net=/run/netns/" + namespace(instance),
                    "unshare",
                    "--mount",
                    "--pid",
                    "--uts",
                    "--ipc",
                    "--fork",
                    "--kill-child=KILL",
                    "--mount-proc",
                    "--propagation",
                    "private"));
        }
        command.addAll(List.of("bash", home.resolve("boot.sh").toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(home.resolve("console.log").toFile());
        builder.environment().keySet().retainAll(Set.of("PATH", "LANG", "JAVA_HOME"));
        builder.environment().putAll(environment.apply(instance));
        builder.environment()
                .putAll(Map.of(
                        MARK, instance.id(), "PILOTHOUSE_INSTANCE_ROOT", root.toString(), "HOME", root.toString()));
        Process process = builder.start();
        return new InstanceProcess(process.pid(), startTicks(process.pid()));
    }

    private void writeFiles(Instance instance, Path home) throws IOException {
        String name = instance.placement().dnsName();
        Files.writeString(
                home.resolve("hosts"),
                "127.0.0.1 localhost\n" + instance.placement().address() + " " + name + " " + name.split("\\.", 2)[0]
                        + "\n");
        Files.writeString(
                home.resolve("resolv.conf"),
                "search " + name.substring(name.indexOf('.') + 1) + "\nnameserver " + network.hostAddress() + "\n");
        StringBuilder boot = new StringBuilder("#!/bin/bash\n");
        if (network.isolated()) {
            boot.append("set -e\nmount -t tmpfs -o mode=755 tmpfs /run\nmkdir -p /run/lock /run/netns\n")
                    .append("mount --bind '")
                    .append(home)
                    .append("/hosts' /etc/hosts\n")
                    .append("mount --bind '")
                    .append(home)
                    .append("/resolv.conf' /etc/resolv.conf\n")
                    .append("hostname ")
                    .append(name)
                    .append("\nset +e\n");
        }
        boot.append("status=0\n");
        int number = 0;
        for (UserData.Part part : UserData.parts(instance.launch().userData())) {
            Path file = home.resolve("part-" + number++);
            Files.writeString(file, part.content(), StandardCharsets.UTF_8);
            if (part.contentType().equals("text/x-shellscript")
                    || part.contentType().equals("text/cloud-boothook")) {
                boot.append(part.content().startsWith("#!") ? "chmod 700 '" + file + "' && '" : "bash '")
                        .append(file)
                        .append("' || status=$?\n");
            } else {
                boot.append("echo 'user data part of type ")
                        .append(part.contentType().replaceAll("[^\\w./+-]", ""))
                        .append(" is left to the image'\n");
            }
        }
        boot.append("echo $status > '")
                .append(home)
                .append("/user-data.exit'\necho \"user data ended with status $status\"\n")
                // The first process of a process namespace must stay, and reaps what others leave.
                .append("while :; do sleep 3600 & wait $!; done\n");
        Files.writeString(home.resolve("boot.sh"), boot.toString());
    }

    private void connect(Instance instance) throws IOException {
        String namespace = namespace(instance);
        String link = link(instance);
        disconnect(instance);
        Shell.run("ip", "netns", "add", namespace);
        Shell.run(
                "ip",
                "link",
                "add",
                link,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "address",
                instance.placement().mac(),
                "netns",
                namespace);
        Shell.run("ip", "link", "set", link, "master", network.bridge(), "up");
        Shell.run("ip", "-n", namespace, "link", "set", "lo", "up");
        Shell.run(
                "ip",
                "-n",
                namespace,
                "addr",
                "add",
                instance.placement().address() + "/" + network.cidr().bits(),
                "dev",
                "eth0");
        Shell.run("ip", "-n", namespace, "link", "set", "eth0", "up");
        Shell.run("ip", "-n", namespace, "route", "add", "default", "via", network.hostAddress());
    }

    private void disconnect(Instance instance) {
        Shell.succeeds("ip", "netns", "del", namespace(instance));
        Shell.succeeds("ip", "link", "del", link(instance));
    }

    private String namespace(Instance instance) {
        return network.bridge() + "-" + instance.id();
    }

    private static String link(Instance instance) {
        return "phv" + instance.id().substring(instance.id().length() - 10);
    }

    private Path home(Instance instance) {
        return directory.resolve(instance.id());
    }

    @Override
    public boolean isAlive(Instance instance) {
        InstanceProcess process = instance.process();
        return process.pid() > 0 && startTicks(process.pid()) == process.startTicks();
    }

    @Override
    public void remove(Instance instance) throws IOException {
        if (isAlive(instance)) {
            ProcessHandle.of(instance.process().pid()).ifPresent(p -> {
                p.destroyForcibly();
                awaitEnd(p);
            });
        }
        killMarked(instance.id());
        if (network.isolated()) {
            disconnect(instance);
        }
        cgroups.remove(instance.id());
        removeHome(home(instance));
    }

    /** Processes that left the session carry the mark in their environment still. */
    private void killMarked(String instanceId) {
        byte[] mark = (MARK + "=" + instanceId + "\0").getBytes(StandardCharsets.UTF_8);
        ProcessHandle.allProcesses()
                .filter(p -> p.pid() != ProcessHandle.current().pid() && hasMark(p.pid(), mark))
                .toList()
                .forEach(p -> {
                    p.destroyForcibly();
                    awaitEnd(p);
                });
    }

    private static boolean hasMark(long pid, byte[] mark) {
        try {
            String all =
                    new String(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.ISO_8859_1);
            return all.contains(new String(mark, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(END_WAIT_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            log.atWarn().addKeyValue("pid", process.pid()).log("process does not end");
        }
    }

    /** The console's last words are kept beside; all else goes. */
    private void removeHome(Path home) throws IOException {
        if (!Files.isDirectory(home)) {
            return;
        }
        Path logs = Files.createDirectories(directory.resolve("ended"));
        Path console = home.resolve("console.log");
        if (Files.exists(console)) {
            Files.move(console, logs.resolve(home.getFileName() + ".log"), StandardCopyOption.REPLACE_EXISTING);
        }
        try (Stream<Path> tree = Files.walk(home)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void removeOthers(Collection<Instance> known) throws IOException {
        Set<String> ids = known.stream().map(Instance::id).collect(Collectors.toSet());
        if (Files.isDirectory(directory)) {
            List<Path> homes;
            try (Stream<Path> list = Files.list(directory)) {
                homes = list.filter(p -> p.getFileName().toString().startsWith("i-"))
                        .toList();
            }
            for (Path home : homes) {
                if (!ids.contains(home.getFileName().toString())) {
                    killMarked(home.getFileName().toString());
                    cgroups.remove(home.getFileName().toString());
                    removeHome(home);
                }
            }
        }
        if (network.isolated()) {
            for (String namespace : network.namespaces()) {
                if (!ids.contains(namespace.substring(network.bridge().length() + 1))) {
                    Shell.succeeds("ip", "netns", "del", namespace);
                }
            }
        }
    }

    /** Field 22 of /proc/pid/stat; 0 when there is no such process, or only its remains. */
    static long startTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[0].equals("Z") ? 0 : Long.parseLong(fields[19]);
        } catch (IOException | IndexOutOfBoundsException e) {
            return 0;
        }
    }
}
