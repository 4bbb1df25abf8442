package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.authn.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        private String read;
        private String refused = "";

        Followed(String what, List<Path> files, Reader reader) {
            this.what = what;
            this.files = List.copyOf(files);
            this.reader = reader;
            this.read = state();
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
            String now = state();
            if (now.equals(read)) {
                return;
            }
            try {
                reader.read();
                read = now;
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
