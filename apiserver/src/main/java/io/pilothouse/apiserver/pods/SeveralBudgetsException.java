package io.pilothouse.apiserver.pods;

import io.pilothouse.machinery.status.Status;

/** More than one disruption budget covers a pod. Upstream's answer to that is created, 201, and what it says is a failure with the code 500. */
final class SeveralBudgetsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String MESSAGE =
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";

    SeveralBudgetsException() {
        super(MESSAGE);
    }

    Status status() {
        return Status.failure(500, "", MESSAGE, null);
    }
}
