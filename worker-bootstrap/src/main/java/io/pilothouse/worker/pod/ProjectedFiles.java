package io.pilothouse.worker.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Files that change all at once for those who read them: they are in a folder of their own, the link {@code ..data} leads to it and is
 * replaced in one step, and the visible names are links through it.
 */
final class ProjectedFiles {
    private ProjectedFiles() {}

    /** A file's bytes and mode. */
    record Content(byte[] bytes, int mode) {}

    static void write(Path place, Map<String, Content> files, OptionalLong group) throws IOException {
        Files.createDirectories(place);
        Path link = place.resolve("..data");
        if (Files.exists(link) && same(link, files)) {
            return;
        }
        Path folder = Files.createTempDirectory(place, "..v");
        Files.setPosixFilePermissions(folder, permissions(0755));
        for (Map.Entry<String, Content> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey()).normalize();
            if (!target.startsWith(folder)) {
                throw new ConfigException("FailedMount", "invalid path: " + file.getKey());
            }
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue().bytes());
            Files.setPosixFilePermissions(target, permissions(file.getValue().mode()));
        }
        Ownership.readable(group, folder);
        Path next = place.resolve("..data_tmp");
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, folder.getFileName());
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        names(place, files.keySet());
        removeOld(place, folder);
    }

    private static boolean same(Path link, Map<String, Content> files) throws IOException {
        try (Stream<Path> tree = Files.walk(link.toRealPath())) {
            if (tree.filter(Files::isRegularFile).count() != files.size()) {
                return false;
            }
        }
        for (Map.Entry<String, Content> file : files.entrySet()) {
            Path present = link.resolve(file.getKey());
            if (!Files.isRegularFile(present)
                    || !java.util.Arrays.equals(
                            Files.readAllBytes(present), file.getValue().bytes())) {
                return false;
            }
        }
        return true;
    }

    private static void names(Path place, Set<String> files) throws IOException {
        Set<String> wanted = new TreeSet<>();
        files.forEach(f -> wanted.add(f.split("/", 2)[0]));
        for (Path present : list(place)) {
            String name = present.getFileName().toString();
            if (!name.startsWith("..") && !wanted.contains(name)) {
                Files.delete(present);
            }
        }
        for (String name : wanted) {
            if (!Files.exists(place.resolve(name), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(place.resolve(name), Path.of("..data", name));
            }
        }
    }

    private static List<Path> list(Path place) throws IOException {
        try (Stream<Path> all = Files.list(place)) {
            return all.toList();
        }
    }

    private static void removeOld(Path place, Path keep) throws IOException {
        for (Path old : list(place)) {
            if (old.getFileName().toString().startsWith("..v") && !old.equals(keep)) {
                try (Stream<Path> tree = Files.walk(old)) {
                    for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
        }
    }

    static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] bits = PosixFilePermission.values(); // owner read first, others execute last
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < bits.length; i++) {
            if ((mode & 0400 >>> i) != 0) {
                set.add(bits[i]);
            }
        }
        return set;
    }
}
