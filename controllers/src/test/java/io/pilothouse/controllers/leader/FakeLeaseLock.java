package io.pilothouse.controllers.leader;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Holds the record in memory; can be cut off. */
final class FakeLeaseLock implements LeaseLock {
    private final AtomicReference<@Nullable Stored> stored = new AtomicReference<>();
    private volatile boolean down;

    void down(boolean now) {
        down = now;
    }

    @Override
    public Optional<Stored> get() {
        check();
        return Optional.ofNullable(stored.get());
    }

    @Override
    public Optional<Stored> create(LeaderRecord record) {
        check();
        var made = new Stored(record, "1");
        return stored.compareAndSet(null, made) ? Optional.of(made) : Optional.empty();
    }

    @Override
    public Optional<Stored> update(LeaderRecord record, String version) {
        check();
        var before = stored.get();
        if (before == null || !before.version().equals(version)) {
            return Optional.empty();
        }
        var made = new Stored(record, String.valueOf(Integer.parseInt(version) + 1));
        return stored.compareAndSet(before, made) ? Optional.of(made) : Optional.empty();
    }

    private void check() {
        if (down) {
            throw new IllegalStateException("cut off");
        }
    }
}
