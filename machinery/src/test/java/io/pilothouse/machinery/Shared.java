package io.pilothouse.machinery;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the folder of upstream's data and recorded cases, which stands beside a checkout where there is one. */
public final class Shared {
    private Shared() {}

    public static Optional<Path> find(String part) {
        String named = System.getProperty("pilothouse.shared", System.getenv().getOrDefault("PILOTHOUSE_SHARED", ""));
        if (!named.isEmpty()) {
            return existing(Path.of(named, part));
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Optional<Path> found = existing(at.resolve("shared").resolve(part));
            if (found.isPresent()) {
                return found;
            }
        }
        System.out.println("skipped: no shared/" + part + " beside this checkout");
        return Optional.empty();
    }

    private static Optional<Path> existing(Path path) {
        return Files.exists(path) ? Optional.of(path) : Optional.empty();
    }
}
