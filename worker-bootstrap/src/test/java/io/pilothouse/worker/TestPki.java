package io.pilothouse.worker;

import io.pilothouse.worker.cri.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Certificates of an authority made for a test, as PEM files in one directory. */
final class TestPki {
    private final Path directory;

    TestPki(Path directory) throws IOException {
        this.directory = directory;
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=test",
                "-keyout",
                file("ca.key"),
                "-out",
                file("ca.crt"));
        openssl("genrsa", "-out", file("sa.key"), "2048");
    }

    private static void openssl(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "openssl";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Shell.run(Map.of(), command);
    }

    String file(String name) {
        return directory.resolve(name).toString();
    }

    /** Writes NAME.crt and NAME.key. */
    void issue(String name, String subject, String names) throws IOException {
        openssl(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                subject,
                "-keyout",
                file(name + ".key"),
                "-out",
                file(name + ".csr"));
        Path extensions = Files.writeString(
                directory.resolve(name + ".ext"),
                "extendedKeyUsage=serverAuth,clientAuth\n" + (names.isEmpty() ? "" : "subjectAltName=" + names + "\n"));
        openssl(
                "x509",
                "-req",
                "-in",
                file(name + ".csr"),
                "-CA",
                file("ca.crt"),
                "-CAkey",
                file("ca.key"),
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                extensions.toString(),
                "-out",
                file(name + ".crt"));
    }
}
