package io.pilothouse.apiserver.admission;

import io.pilothouse.machinery.status.StatusException;

/** One admission plugin: may change a write, then, when all have, refuse it. Safe for use by many threads. */
public interface AdmissionPlugin {
    /** The name in --enable-admission-plugins. */
    String name();

    /** @throws StatusException to refuse */
    default void mutate(AdmissionRequest request) {}

    /** @throws StatusException to refuse */
    default void validate(AdmissionRequest request) {}
}
