package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.authn.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files again and again, and lets whoever uses them read them anew when they have changed. What cannot be used is not taken over: the
 * former content stays in use until there is one that can.
 */
final class FollowedFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedFiles.class);
    /** Two writes of a file that are so far apart have different times. */
    private static final long SETTLED_MILLIS = 2_000;

    /** Reads files and puts what they hold to use. */
    @FunctionalInterface
    interface Reader {
        /** @throws IOException if they cannot be read, or what they hold cannot be used; nothing has changed then */
        void read() throws IOException;
    }

    /** Files that are read together. */
    private static final class Followed {
        private final String what;
        private final List<Path> files;
        private final Reader reader;
        /** What was last seen of them, and of what it was read. */
        private String stamps;

        private String read;
        private String refused = "";

        Followed(String what, List<Path> files, Reader reader) {
            this.what = what;
            this.files = List.copyOf(files);
            this.reader = reader;
            this.stamps = stamps();
            this.read = state();
        }

        /**
         * What the file system says of the files. It may say the same of two states that follow each other within its clock's steps: what was
         * written a moment ago is different each time.
         */
        private String stamps() {
            var stamps = new StringBuilder();
            for (var file : files) {
                try {
                    // The time of change, which no program can set, as it can that of modification.
                    var changed = (FileTime) Files.getAttribute(file, "unix:ctime");
                    stamps.append(Files.getAttribute(file, "unix:ino"))
                            .append(' ')
                            .append(changed);
                    var now = System.currentTimeMillis();
                    if (now - changed.toMillis() < SETTLED_MILLIS) {
                        stamps.append(' ').append(now);
                    }
                } catch (IOException e) {
                    stamps.append(e);
                }
                stamps.append('\n');
            }
            return stamps.toString();
        }

        private String state() {
            var state = new StringBuilder();
            for (var file : files) {
                try {
                    state.append(HexFormat.of().formatHex(Digests.sha256(Files.readAllBytes(file))));
                } catch (IOException e) {
                    state.append(e);
                }
            }
            return state.toString();
        }

        void look() {
            var before = stamps;
            stamps = stamps();
            if (stamps.equals(before) && refused.isEmpty()) {
                return;
            }
            String now = state();
            if (now.equals(read)) {
                refused = "";
                return;
            }
            try {
                reader.read();
                read = now;
                refused = "";
                LOG.atInfo().addKeyValue("what", what).log("changed files were taken over");
            } catch (IOException | RuntimeException e) {
                if (!now.equals(refused)) {
                    refused = now;
                    LOG.atError().setCause(e).addKeyValue("what", what).log("changed files are not taken over");
                }
            }
        }
    }

    private final List<Followed> all = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Follows files that were just read. */
    void follow(String what, List<Path> files, Reader reader) {
        all.add(new Followed(what, files, reader));
    }

    /** Begins to look at them. */
    FollowedFiles start(Duration every) {
        Thread.ofVirtual().name("followed-files").start(() -> run(every));
        return this;
    }

    private void run(Duration every) {
        try {
            while (!ended.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                all.forEach(Followed::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
