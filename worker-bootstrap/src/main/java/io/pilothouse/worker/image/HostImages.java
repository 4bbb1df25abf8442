package io.pilothouse.worker.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.node.Machine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** Makes OCI image archives out of a static busybox: the pod's pause process, and a small web server with a shell. */
public final class HostImages {
    /** The image whose process holds a pod's namespaces. */
    public static final String PAUSE = "pilothouse.local/pause:1";

    /** A web server on port 8080, with a shell and the usual tools. */
    public static final String SAMPLE = "pilothouse.local/sample:1";

    private static final List<String> TOOLS = List.of(
            "sh",
            "ls",
            "cat",
            "echo",
            "sleep",
            "wget",
            "httpd",
            "nc",
            "ps",
            "id",
            "hostname",
            "env",
            "date",
            "grep",
            "sed",
            "awk",
            "head",
            "tail",
            "true",
            "false",
            "test",
            "mkdir",
            "rm",
            "cp",
            "mv",
            "touch",
            "nslookup",
            "ip",
            "stty",
            "tty",
            "vi",
            "kill",
            "seq",
            "wc",
            "pwd",
            "whoami",
            "tar",
            "find",
            "sort",
            "ln",
            "df",
            "mount");
    private static final String PAGE = "<!doctype html><title>Pilothouse</title><h1>It runs.</h1>\n";
    // The first process of a container gets no default action for SIGTERM, so the script must take it.
    private static final String SERVE = """
            #!/bin/sh
            trap 'echo "ended"; exit 0' TERM INT
            echo "serving /www on port ${PORT:-8080} as $(hostname)"
            httpd -f -vv -p "${PORT:-8080}" -h /www &
            wait
            """;
    private static final String PAUSED = """
            #!/bin/sh
            trap 'exit 0' TERM INT
            while :; do sleep 86400 & wait $!; done
            """;
    private final Path busybox;

    /** @param busybox a statically linked one */
    public HostImages(Path busybox) {
        this.busybox = busybox;
    }

    /** Writes the archives, whole or not at all; returns their files. */
    public List<Path> write(Path directory) throws IOException {
        if (!Files.isReadable(busybox)) {
            throw new IOException("there is no " + busybox + ": install busybox-static");
        }
        Files.createDirectories(directory);
        return List.of(
                store(directory.resolve("pause.tar"), PAUSE, layer("/pause", PAUSED, false), "/pause"),
                store(directory.resolve("sample.tar"), SAMPLE, layer("/serve", SERVE, true), "/serve"));
    }

    private byte[] layer(String script, String text, boolean page) throws IOException {
        Tar tar = new Tar();
        for (String folder : List.of("bin/", "dev/", "etc/", "proc/", "sys/", "tmp/", "var/", "www/")) {
            tar.directory(folder, folder.equals("tmp/") ? 01777 : 0755);
        }
        tar.file("bin/busybox", 0755, Files.readAllBytes(busybox));
        TOOLS.forEach(tool -> tar.link("bin/" + tool, "busybox"));
        tar.file(
                "etc/passwd",
                0644,
                "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
                        .getBytes(StandardCharsets.UTF_8));
        tar.file("etc/group", 0644, "root:x:0:\nnobody:x:65534:\n".getBytes(StandardCharsets.UTF_8));
        if (page) {
            tar.file("www/index.html", 0644, PAGE.getBytes(StandardCharsets.UTF_8));
        }
        tar.file(script.substring(1), 0755, text.getBytes(StandardCharsets.UTF_8));
        return tar.end();
    }

    private static Path store(Path file, String name, byte[] layer, String entrypoint) throws IOException {
        Tar tar = new Tar();
        ObjectNode config =
                ApiClient.object().put("architecture", Machine.architecture()).put("os", "linux");
        ObjectNode run = config.putObject("config");
        run.putArray("Entrypoint").add(entrypoint);
        run.putArray("Env").add("PATH=/bin");
        run.put("WorkingDir", "/");
        config.putObject("rootfs").put("type", "layers").putArray("diff_ids").add(digest(layer));
        byte[] configBytes = config.toString().getBytes(StandardCharsets.UTF_8);
        ObjectNode manifest = ApiClient.object()
                .put("schemaVersion", 2)
                .put("mediaType", "application/vnd.oci.image.manifest.v1+json");
        manifest.set("config", descriptor("application/vnd.oci.image.config.v1+json", configBytes));
        manifest.putArray("layers").add(descriptor("application/vnd.oci.image.layer.v1.tar", layer));
        byte[] manifestBytes = manifest.toString().getBytes(StandardCharsets.UTF_8);
        ObjectNode index = ApiClient.object().put("schemaVersion", 2);
        ObjectNode entry = descriptor("application/vnd.oci.image.manifest.v1+json", manifestBytes);
        entry.putObject("annotations")
                .put("io.containerd.image.name", name)
                .put("org.opencontainers.image.ref.name", name.substring(name.lastIndexOf(':') + 1));
        entry.putObject("platform").put("architecture", Machine.architecture()).put("os", "linux");
        index.putArray("manifests").add(entry);
        tar.file("oci-layout", 0644, "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        tar.file("index.json", 0644, index.toString().getBytes(StandardCharsets.UTF_8));
        for (byte[] blob : List.of(layer, configBytes, manifestBytes)) {
            tar.file("blobs/sha256/" + digest(blob).substring(7), 0644, blob);
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, tar.end());
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static ObjectNode descriptor(String type, byte[] blob) {
        return ApiClient.object()
                .put("mediaType", type)
                .put("digest", digest(blob))
                .put("size", blob.length);
    }

    private static String digest(byte[] blob) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(blob));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A POSIX tar in the making. Times are zero, so that the same content gives the same digest. */
    private static final class Tar {
        private static final int BLOCK = 512;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        void directory(String name, int mode) {
            header(name, mode, 0, '5', "");
        }

        void link(String name, String target) {
            header(name, 0777, 0, '2', target);
        }

        void file(String name, int mode, byte[] content) {
            header(name, mode, content.length, '0', "");
            out.writeBytes(content);
            out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        }

        byte[] end() {
            out.writeBytes(new byte[2 * BLOCK]);
            return out.toByteArray();
        }

        private void header(String name, int mode, long size, char type, String link) {
            byte[] header = new byte[BLOCK];
            put(header, 0, name);
            put(header, 100, String.format("%07o", mode));
            put(header, 108, "0000000");
            put(header, 116, "0000000");
            put(header, 124, String.format("%011o", size));
            put(header, 136, "00000000000");
            put(header, 148, "        ");
            header[156] = (byte) type;
            put(header, 157, link);
            put(header, 257, "ustar\00000");
            int sum = 0;
            for (byte b : header) {
                sum += b & 0xff;
            }
            put(header, 148, String.format("%06o\0 ", sum));
            out.writeBytes(header);
        }

        private static void put(byte[] header, int at, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(bytes, 0, header, at, bytes.length);
        }
    }
}
