package io.pilothouse.storage;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;

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
            case UNKNOWN ->
                connectionBroke(status)
                        ? new StorageException.Unavailable(message, e)
                        : new StorageException.Failed(message, e);
            default -> new StorageException.Failed(status.getCode() + ": " + message, e);
        };
    }

    /** A call begun in the moment the connection closes ends as UNKNOWN, not as UNAVAILABLE. */
    private static boolean connectionBroke(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    /** Whether a read may try another member. */
    static boolean elsewhere(StatusRuntimeException e) {
        return e.getStatus().getCode() == Status.Code.UNAVAILABLE
                || e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED
                || (e.getStatus().getCode() == Status.Code.UNKNOWN && connectionBroke(e.getStatus()));
    }

    /** Whether the member refused before it did anything, so that even a write may try another. */
    static boolean untouched(StatusRuntimeException e) {
        return e.getStatus().getCode() == Status.Code.UNAVAILABLE
                && String.valueOf(e.getStatus().getDescription()).contains("no leader");
    }
}
