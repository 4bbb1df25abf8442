package io.pilothouse.bench;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a part of the bench came to: its figures, or why there are none. The other parts go on in either case.
 *
 * @param value null if it failed
 * @param failure why, in one line; empty if it did not
 */
record Attempt<T>(@Nullable T value, String failure) {
    private static final int MOST_CHARACTERS = 300;

    /** Something to measure. */
    @FunctionalInterface
    interface Part<T> {
        T run() throws IOException, InterruptedException;
    }

    static <T> Attempt<T> at(Part<T> part) throws InterruptedException {
        try {
            return new Attempt<>(part.run(), "");
        } catch (IOException | RuntimeException e) {
            return new Attempt<>(null, line(e));
        }
    }

    /** What an exception says, in one line. */
    static String line(Exception e) {
        String text =
                String.valueOf(e.getMessage() == null ? e : e.getMessage()).replaceAll("\\s+", " ");
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
    }

    <U> Attempt<U> map(Function<T, U> mapper) {
        return value == null ? new Attempt<>(null, failure) : new Attempt<>(mapper.apply(value), "");
    }

    Optional<T> ok() {
        return Optional.ofNullable(value);
    }
}
