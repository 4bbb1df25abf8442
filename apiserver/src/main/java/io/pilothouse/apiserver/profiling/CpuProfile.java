package io.pilothouse.apiserver.profiling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where threads run, as the flight recorder of the virtual machine sees it: a hundred times a second it looks at a few of the threads that
 * run Java code. Each such look counts as its period. One at a time.
 */
final class CpuProfile {
    private static final String EVENT = "jdk.ExecutionSample";
    private static final Duration PERIOD = Duration.ofMillis(10);

    private final Semaphore free = new Semaphore(1);
    private final Clock clock;

    CpuProfile(Clock clock) {
        this.clock = clock;
    }

    /** There is one being taken. */
    static final class BusyException extends Exception {
        private static final long serialVersionUID = 1L;

        BusyException() {
            super("cpu profiling already in use");
        }
    }

    /**
     * Looks for so long.
     *
     * @param ended whoever asked has gone: what was seen until then is answered
     */
    byte[] take(Duration duration, CountDownLatch ended) throws BusyException, IOException, InterruptedException {
        if (!free.tryAcquire()) {
            throw new BusyException();
        }
        try (var recording = new Recording()) {
            var begun = clock.instant();
            recording.enable(EVENT).withPeriod(PERIOD);
            recording.start();
            var _ = ended.await(duration.toNanos(), TimeUnit.NANOSECONDS);
            recording.stop();
            return samples(recording).gzipped(begun, Duration.between(begun, clock.instant()));
        } finally {
            free.release();
        }
    }

    private static Profile samples(Recording recording) throws IOException {
        var profile = new Profile(
                new Profile.Kind("cpu", "nanoseconds"),
                PERIOD.toNanos(),
                new Profile.Kind("samples", "count"),
                new Profile.Kind("cpu", "nanoseconds"));
        Path file = Files.createTempFile("profile", ".jfr");
        try {
            recording.dump(file);
            try (var events = new RecordingFile(file)) {
                while (events.hasMoreEvents()) {
                    var event = events.readEvent();
                    // Another recording may have other events.
                    if (event.getEventType().getName().equals(EVENT) && event.getStackTrace() != null) {
                        profile.add(stack(event), 1, PERIOD.toNanos());
                    }
                }
            }
        } finally {
            Files.delete(file);
        }
        return profile;
    }

    private static List<Frame> stack(RecordedEvent event) {
        return event.getStackTrace().getFrames().stream()
                .map(f -> Frame.of(
                        f.getMethod().getType().getName(), f.getMethod().getName(), f.getLineNumber()))
                .toList();
    }
}
