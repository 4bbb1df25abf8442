package io.pilothouse.conformance.kubectl;

import io.pilothouse.worker.cri.Shell;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The clients of this machine. Those that are not there are named on the output. */
public final class Clients {
    private static final int[] MINORS = {27, 28, 29, 30, 31, 32, 33};
    private static final int STEP = 3;

    private Clients() {}

    /** Of {@link #kubectls}, those with which everything is done: the oldest, each third one after it, and the newest. */
    public static Map<String, Path> chosenKubectls() throws IOException {
        var all = kubectls();
        var minors = all.keySet().stream().mapToInt(Clients::minor).summaryStatistics();
        var chosen = new LinkedHashMap<String, Path>();
        all.forEach((version, file) -> {
            int minor = minor(version);
            if ((minor - minors.getMin()) % STEP == 0 || minor == minors.getMax()) {
                chosen.put(version, file);
            }
        });
        return chosen;
    }

    private static int minor(String version) {
        return Integer.parseInt(version.split("\\.", -1)[1]);
    }

    /** Every kubectl that is found, by its version: on the path, beside the programs there, and the newest of the registry. */
    static Map<String, Path> kubectls() throws IOException {
        var found = new LinkedHashMap<String, Path>();
        for (String program : new String[] {"kubectl", "gcloud"}) {
            var at = onPath(program);
            if (at.isPresent()) {
                try (Stream<Path> beside = Files.list(at.get().toRealPath().getParent())) {
                    for (Path file : beside.sorted()
                            .filter(p -> p.getFileName().toString().matches("kubectl(\\.\\d+\\.\\d+)?"))
                            .toList()) {
                        found.putIfAbsent(version(file), file);
                    }
                }
            }
        }
        fetched("kubectl").ifPresent(file -> found.putIfAbsent(version(file), file));
        for (int minor : MINORS) {
            if (found.keySet().stream().noneMatch(v -> v.startsWith("v1." + minor + "."))) {
                System.out.println("skipped: there is no kubectl 1." + minor + " on this machine");
            }
        }
        return found;
    }

    /** Helm, of the path or the registry. */
    static Optional<Path> helm() throws IOException {
        var fetched = fetched("helm");
        return fetched.isPresent() ? fetched : onPath("helm");
    }

    private static String version(Path kubectl) {
        try {
            var text = Shell.run(Map.of(), kubectl.toString(), "version", "--client", "-o", "json");
            return text.replaceAll("(?s).*\"gitVersion\": \"([^\"]+)\".*", "$1");
        } catch (IOException e) {
            throw new AssertionError(kubectl + " does not say its version", e);
        }
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What scripts/fetch-kubectl brings, brought if it is not there yet. */
    private static Optional<Path> fetched(String program) throws IOException {
        var checkout = Path.of("").toAbsolutePath();
        while (!Files.exists(checkout.resolve("scripts/fetch-kubectl"))) {
            checkout = checkout.getParent();
        }
        var file = checkout.resolve(".pilothouse/tools").resolve(program);
        if (!Files.isExecutable(file)) {
            try {
                Shell.run(Map.of(), checkout.resolve("scripts/fetch-kubectl").toString());
            } catch (IOException e) {
                System.out.println("skipped: the newest " + program + " could not be fetched: " + e.getMessage());
                return Optional.empty();
            }
        }
        return Optional.of(file);
    }
}
