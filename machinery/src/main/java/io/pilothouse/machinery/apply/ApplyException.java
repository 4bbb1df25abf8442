package io.pilothouse.machinery.apply;

import java.util.List;

/** An object that does not fit its schema; upstream answers 500. */
final class ApplyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ApplyException(List<PathElement> path, String message) {
        super((path.isEmpty() ? "" : FieldSet.print(path) + ": ") + message);
    }

    ApplyException(String message) {
        super(message);
    }
}
