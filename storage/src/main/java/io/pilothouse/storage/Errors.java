package io.pilothouse.storage;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Tells etcd's errors apart by their gRPC status and text, as its own client does. */
final class Errors {
    private Errors() {}

    static StorageException of(StatusRuntimeException e) {
        Status status = e.getStatus();
        String message = String.valueOf(status.getDescription());
        return switch (status.getCode()) {
            case OUT_OF_RANGE ->
                message.contains("compacted")
                        ? new StorageException.Compacted(message, 0)
                        : new StorageException.FutureRevision(message);
            case UNAVAILABLE -> new StorageException.Unavailable(message, e);
            case DEADLINE_EXCEEDED -> new StorageException.Timeout("etcd did not answer in time", e);
            case INVALID_ARGUMENT ->
                message.contains("too large")
                        ? new StorageException.TooLarge(message, e)
                        : new StorageException.Failed(message, e);
            case RESOURCE_EXHAUSTED ->
                message.contains("larger than max")
                        ? new StorageException.TooLarge(message, e)
                        : new StorageException.Failed(message, e);
            case NOT_FOUND ->
                message.contains("lease")
                        ? new StorageException.LeaseNotFound(message)
                        : new StorageException.Failed(message, e);
            default -> new StorageException.Failed(status.getCode() + ": " + message, e);
        };
    }

    /** Whether a read may try another member. */
    static boolean elsewhere(StatusRuntimeException e) {
        return e.getStatus().getCode() == Status.Code.UNAVAILABLE
                || e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
    }

    /** Whether the member refused before it did anything, so that even a write may try another. */
    static boolean untouched(StatusRuntimeException e) {
        return e.getStatus().getCode() == Status.Code.UNAVAILABLE
                && String.valueOf(e.getStatus().getDescription()).contains("no leader");
    }
}
