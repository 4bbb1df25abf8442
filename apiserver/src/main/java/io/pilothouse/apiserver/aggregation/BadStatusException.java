package io.pilothouse.apiserver.aggregation;

import java.io.IOException;

/** Another server answered, but with no success. */
final class BadStatusException extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    BadStatusException(int status) {
        super("status " + status);
        this.status = status;
    }

    int status() {
        return status;
    }
}
