package io.pilothouse.apiserver.admission.podsecurity;

import java.util.List;
import java.util.stream.Collectors;

/** What of a pod a check forbids. */
record Finding(String reason, String detail) {
    /** All reasons, joined. */
    static String reasons(List<Finding> findings) {
        return findings.stream().map(Finding::reason).collect(Collectors.joining(", "));
    }

    /** All reasons with their details, joined. */
    static String details(List<Finding> findings) {
        return findings.stream()
                .map(f -> f.detail.isEmpty() ? f.reason : f.reason + " (" + f.detail + ")")
                .collect(Collectors.joining(", "));
    }
}
