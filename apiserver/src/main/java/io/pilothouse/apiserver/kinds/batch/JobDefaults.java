package io.pilothouse.apiserver.kinds.batch;

import static io.pilothouse.apiserver.kinds.Trees.fill;
import static io.pilothouse.apiserver.kinds.Trees.with;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.PodDefaults;

/** The defaults of a job's spec, for jobs and for the templates of cron jobs. */
final class JobDefaults {
    private JobDefaults() {}

    /** The template of a cron job's jobs: only the pods' defaults are filled, the rest when a job is made of it. */
    static void template(ObjectNode spec) {
        with(spec, "template", template -> with(template, "spec", PodDefaults::templateSpec));
    }

    static void spec(ObjectNode spec) {
        if (!spec.hasNonNull("completions") && !spec.hasNonNull("parallelism")) {
            spec.put("completions", 1).put("parallelism", 1);
        }
        fill(spec, "parallelism", 1);
        if (!spec.hasNonNull("backoffLimit")) {
            spec.put("backoffLimit", spec.hasNonNull("backoffLimitPerIndex") ? Integer.MAX_VALUE : 6);
        }
        fill(spec, "completionMode", "NonIndexed");
        fill(spec, "suspend", false);
        fill(spec, "manualSelector", false);
        fill(spec, "podReplacementPolicy", spec.hasNonNull("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        with(spec, "template", template -> with(template, "spec", PodDefaults::templateSpec));
        if (!spec.path("manualSelector").asBoolean()) {
            spec.remove("manualSelector");
        }
    }
}
