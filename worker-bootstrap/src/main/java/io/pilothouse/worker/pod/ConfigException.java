package io.pilothouse.worker.pod;

import java.io.IOException;

/** A pod's specification that can't be carried out now, with the reason that its status shows. */
final class ConfigException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String reason;

    ConfigException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
