package io.pilothouse.worker.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What the machine is: read from /proc and /etc. */
public final class Machine {
    private Machine() {}

    /** Memory in KiB, as /proc/meminfo has it. */
    public static long memoryKib() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("/proc/meminfo has no MemTotal");
    }

    /** GOARCH's name of the architecture. */
    public static String architecture() {
        String arch = System.getProperty("os.arch", "");
        return arch.equals("aarch64") ? "arm64" : arch.equals("x86_64") ? "amd64" : arch;
    }

    /** NodeSystemInfo's texts but for the runtime's. */
    public static Map<String, String> info() {
        Map<String, String> info = new TreeMap<>();
        info.put("architecture", architecture());
        info.put("operatingSystem", "linux");
        info.put("kernelVersion", text("/proc/sys/kernel/osrelease"));
        info.put("bootID", text("/proc/sys/kernel/random/boot_id"));
        info.put("machineID", text("/etc/machine-id"));
        info.put("systemUUID", text("/etc/machine-id"));
        info.put("kubeProxyVersion", "");
        String os = "Linux";
        for (String line : text("/etc/os-release").split("\n", -1)) {
            if (line.startsWith("PRETTY_NAME=")) {
                os = line.substring(12).replace("\"", "");
            }
        }
        info.put("osImage", os);
        return info;
    }

    private static String text(String file) {
        try {
            return SystemFile.read(Path.of(file));
        } catch (IOException e) {
            return ""; // minimal systems lack some of these
        }
    }
}
