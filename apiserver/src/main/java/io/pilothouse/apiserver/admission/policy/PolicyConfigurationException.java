package io.pilothouse.apiserver.admission.policy;

/** A policy or a binding cannot be applied as it is configured; what the policy's failurePolicy is for. */
final class PolicyConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    PolicyConfigurationException(String message) {
        super(message);
    }
}
