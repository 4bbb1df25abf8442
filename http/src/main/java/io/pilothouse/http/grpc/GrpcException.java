package io.pilothouse.http.grpc;

import java.io.IOException;

/** A call that the server answered with an error. */
public final class GrpcException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The status code NOT_FOUND. */
    public static final int NOT_FOUND = 5;

    /** The status code UNKNOWN, also for answers that carry no status. */
    public static final int UNKNOWN = 2;

    private final int code;

    /** @param code gRPC's status code, see its specification */
    public GrpcException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** gRPC's status code. */
    public int code() {
        return code;
    }
}
