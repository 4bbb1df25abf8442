package io.pilothouse.apiserver.kinds.batch;

import static io.pilothouse.apiserver.kinds.Trees.each;
import static io.pilothouse.apiserver.kinds.Trees.fill;
import static io.pilothouse.apiserver.kinds.Trees.with;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.pod.PodDefaults;

/** The defaults of jobs and of the templates of cron jobs. */
final class JobDefaults {
    private JobDefaults() {}

    /** The template of a cron job's jobs: little is filled, the rest when a job is made of it. */
    static void template(ObjectNode spec) {
        with(
                spec,
                "podFailurePolicy",
                policy -> each(
                        policy,
                        "rules",
                        rule -> each(rule, "onPodConditions", pattern -> fill(pattern, "status", "True"))));
        with(spec, "template", PodDefaults::podTemplate);
    }

    static void job(ObjectNode job) {
        var spec = job.withObjectProperty("spec");
        if (!spec.hasNonNull("completions") && !spec.hasNonNull("parallelism")) {
            spec.put("completions", 1).put("parallelism", 1);
        }
        fill(spec, "parallelism", 1);
        if (!spec.hasNonNull("backoffLimit")) {
            spec.put("backoffLimit", spec.hasNonNull("backoffLimitPerIndex") ? Integer.MAX_VALUE : 6);
        }
        var labels = spec.path("template").path("metadata").path("labels");
        if (!labels.isEmpty() && job.path("metadata").path("labels").isEmpty()) {
            job.withObjectProperty("metadata").set("labels", labels.deepCopy());
        }
        fill(spec, "completionMode", "NonIndexed");
        fill(spec, "suspend", false);
        fill(spec, "podReplacementPolicy", spec.hasNonNull("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        fill(spec, "manualSelector", false);
        template(spec);
    }
}
