package io.pilothouse.cloud.s3;

import io.pilothouse.cloud.protocol.AwsException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The conditional headers of RFC 9110, as far as S3 has them. */
final class Conditionals {
    private Conditionals() {}

    /** Refuses a write whose condition does not hold; under the key's lock. */
    static void beforeWrite(S3Call s3, Optional<StoredObject> present) {
        boolean failed = s3.header("if-none-match")
                .map(v -> present.map(o -> matches(v, o)).orElse(false))
                .orElse(false);
        Optional<String> match = s3.header("if-match");
        if (match.isPresent() && present.isEmpty()) {
            throw new AwsException(404, "NoSuchKey", "The specified key does not exist.");
        }
        if (failed
                || (match.isPresent()
                        && present.filter(o -> matches(match.get(), o)).isEmpty())) {
            throw new AwsException(
                    412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
        }
    }

    /** Whether a read is answered with 304; a failed precondition is refused. */
    static boolean notModified(S3Call s3, StoredObject object) {
        Optional<String> match = s3.header("if-match");
        boolean failed = match.isPresent()
                ? !matches(match.get(), object)
                : date(s3.header("if-unmodified-since"))
                        .filter(d -> modified(object).isAfter(d))
                        .isPresent();
        if (failed) {
            throw new AwsException(
                    412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
        }
        Optional<String> noneMatch = s3.header("if-none-match");
        return noneMatch.isPresent()
                ? matches(noneMatch.get(), object)
                : date(s3.header("if-modified-since"))
                        .filter(d -> !modified(object).isAfter(d))
                        .isPresent();
    }

    private static Instant modified(StoredObject object) {
        return Instant.ofEpochSecond(object.modifiedMillis() / 1000);
    }

    private static boolean matches(String header, StoredObject object) {
        return Arrays.stream(header.split(",", -1))
                .map(v -> v.strip().replace("\"", ""))
                .anyMatch(v -> v.equals("*") || v.equals(object.etag()));
    }

    private static Optional<Instant> date(Optional<String> header) {
        return header.flatMap(text -> {
            try {
                return Optional.of(
                        ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
                                .toInstant());
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }
}
