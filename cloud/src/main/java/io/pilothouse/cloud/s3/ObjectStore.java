package io.pilothouse.cloud.s3;

import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.cloud.protocol.UriCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Objects as files: {@code <bucket>/objects/<hash>.json} describes an object and names its content in {@code <bucket>/content/}. An
 * object comes, changes and goes with one rename or delete of its description, after its content is on disk. Safe for many threads of one
 * process.
 */
public final class ObjectStore {
    private static final int STRIPES = 64;
    private final Path root;
    private final Clock clock;
    private final List<Lock> locks = new ArrayList<>();

    /** In that directory. */
    public ObjectStore(Path root, Clock clock) {
        this.root = root;
        this.clock = clock;
        for (int i = 0; i < STRIPES; i++) {
            locks.add(new ReentrantLock());
        }
    }

    /** What a store does while it holds the lock of a key. */
    interface Locked<T> {
        T run() throws IOException;
    }

    <T> T locked(String bucket, String key, Locked<T> action) throws IOException {
        Lock lock = locks.get(Math.floorMod((bucket + "/" + key).hashCode(), STRIPES));
        lock.lock();
        try {
            return action.run();
        } finally {
            lock.unlock();
        }
    }

    Path bucket(String name) {
        return root.resolve(UriCodec.encode(name, false));
    }

    void requireBucket(String name) {
        if (!exists(name)) {
            throw new AwsException(404, "NoSuchBucket", "The specified bucket does not exist");
        }
    }

    /** Whether there is such a bucket. */
    public boolean exists(String name) {
        return Files.isDirectory(bucket(name).resolve("objects"));
    }

    /** Makes a bucket; false when it is there. */
    public boolean createBucket(String name) throws IOException {
        Files.createDirectories(bucket(name).resolve("content"));
        Files.createDirectories(bucket(name).resolve("uploads"));
        try {
            Files.createDirectory(bucket(name).resolve("objects"));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    void deleteBucket(String name) throws IOException {
        requireBucket(name);
        try {
            Files.delete(bucket(name).resolve("objects"));
        } catch (DirectoryNotEmptyException e) {
            throw new AwsException(409, "BucketNotEmpty", "The bucket you tried to delete is not empty", e);
        }
        try (Stream<Path> tree = Files.walk(bucket(name))) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** A bucket and when it was made. */
    record Bucket(String name, long createdMillis) {}

    List<Bucket> buckets() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<Bucket> found = new ArrayList<>();
        try (Stream<Path> list = Files.list(root)) {
            for (Path path : list.sorted().toList()) {
                String name = UriCodec.decode(path.getFileName().toString(), false);
                if (exists(name)) {
                    found.add(new Bucket(
                            name,
                            Files.getLastModifiedTime(path.resolve("content").getParent())
                                    .toMillis()));
                }
            }
        }
        return found;
    }

    private Path description(String bucket, String key) {
        return bucket(bucket).resolve("objects").resolve(Digests.sha256Hex(key) + ".json");
    }

    Optional<StoredObject> find(String bucket, String key) throws IOException {
        requireBucket(bucket);
        return read(description(bucket, key));
    }

    /** Empty when it was deleted meanwhile. */
    private static Optional<StoredObject> read(Path description) throws IOException {
        try {
            return Optional.of(Json.read(Files.readAllBytes(description), StoredObject.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** All objects of a bucket whose key has the prefix, in key order (by UTF-8 bytes, as S3 has it). */
    List<StoredObject> list(String bucket, String prefix) throws IOException {
        requireBucket(bucket);
        List<StoredObject> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(bucket(bucket).resolve("objects"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                read(file).filter(o -> o.key().startsWith(prefix)).ifPresent(found::add);
            }
        }
        found.sort(Comparator.comparing(StoredObject::key, StoredObject.KEY_ORDER));
        return found;
    }

    Path content(String bucket, StoredObject object) {
        return bucket(bucket).resolve("content").resolve(object.content());
    }

    /** A new file for content that is being received. */
    Path newContent(String bucket) {
        requireBucket(bucket);
        return bucket(bucket).resolve("content").resolve(UUID.randomUUID().toString());
    }

    /** Makes content the object of its key; under the key's lock. */
    void commit(String bucket, StoredObject object) throws IOException {
        Optional<StoredObject> old = find(bucket, object.key());
        write(description(bucket, object.key()), Json.bytes(object));
        if (old.isPresent()) {
            Files.deleteIfExists(content(bucket, old.get()));
        }
    }

    /** Removes an object; under the key's lock. One that is gone is no error. */
    void delete(String bucket, String key) throws IOException {
        Optional<StoredObject> old = find(bucket, key);
        if (old.isPresent()) {
            Files.deleteIfExists(description(bucket, key));
            Files.deleteIfExists(content(bucket, old.get()));
        }
    }

    long now() {
        return clock.millis();
    }

    /** Writes a small file so that it is there whole or not at all. */
    static void write(Path file, byte[] bytes) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try (OutputStream out = Files.newOutputStream(temporary)) {
            out.write(bytes);
        }
        force(temporary);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Sees a file's content to stable storage. */
    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
