package io.pilothouse.apiserver.admission.podsecurity;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A check of the standards, with what it says in each version.
 *
 * @param overrides the baseline check that this restricted one takes the place of; empty for none
 * @param versions ascending
 */
record Check(String id, Level level, String overrides, List<Version> versions) {
    Check {
        versions = List.copyOf(versions);
    }

    /** What holds from a minor version on. */
    record Version(int since, Function<PodView, Optional<Finding>> rule) {}

    static Check baseline(String id, Version... versions) {
        return new Check(id, Level.BASELINE, "", List.of(versions));
    }

    static Check restricted(String id, String overrides, Version... versions) {
        return new Check(id, Level.RESTRICTED, overrides, List.of(versions));
    }

    static Version since(int minor, Function<PodView, Optional<Finding>> rule) {
        return new Version(minor, rule);
    }

    /** The rule in a version, if there was one yet. */
    Optional<Function<PodView, Optional<Finding>>> in(int minor) {
        return versions.stream()
                .filter(v -> v.since() <= minor)
                .reduce((a, b) -> b)
                .map(Version::rule);
    }
}
