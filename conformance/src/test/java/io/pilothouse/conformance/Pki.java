package io.pilothouse.conformance;

import io.pilothouse.worker.cri.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Certificates of an authority made for the run, as PEM files in one directory. */
public record Pki(Path directory) {
    private static final List<String> NEW_KEY =
            List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes");

    /** Makes an authority and the key of service accounts. */
    public static Pki create(Path directory) throws IOException {
        var pki = new Pki(directory);
        pki.openssl(
                "req -x509 -days 2 -subj /CN=test", NEW_KEY, "-keyout", pki.file("ca.key"), "-out", pki.file("ca.crt"));
        pki.openssl("genrsa", List.of(), "-out", pki.file("sa.key"), "2048");
        return pki;
    }

    /** The path of one of its files. */
    public String file(String name) {
        return directory.resolve(name).toString();
    }

    /** Writes NAME.key and NAME.csr, a request for that subject. */
    public void request(String name, String subject) throws IOException {
        openssl("req -new -subj " + subject, NEW_KEY, "-keyout", file(name + ".key"), "-out", file(name + ".csr"));
    }

    /** Writes NAME.key and NAME.crt, which serves on loopback. */
    public void issue(String name, String subject) throws IOException {
        request(name, subject);
        var extensions = Files.writeString(
                directory.resolve(name + ".ext"),
                "extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=IP:127.0.0.1,DNS:localhost,DNS:" + name + "\n");
        openssl(
                "x509 -req -days 2 -CAcreateserial",
                List.of("-CA", file("ca.crt"), "-CAkey", file("ca.key")),
                "-in",
                file(name + ".csr"),
                "-extfile",
                extensions.toString(),
                "-out",
                file(name + ".crt"));
    }

    private void openssl(String command, List<String> more, String... last) throws IOException {
        var all = new ArrayList<>(List.of(("openssl " + command).split(" ", -1)));
        all.addAll(more);
        all.addAll(List.of(last));
        Shell.run(Map.of(), all.toArray(String[]::new));
    }
}
