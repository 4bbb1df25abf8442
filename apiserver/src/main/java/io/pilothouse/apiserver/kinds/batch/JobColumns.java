package io.pilothouse.apiserver.kinds.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Aged;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Instant;

/** What kubectl shows of a job. */
final class JobColumns {
    private JobColumns() {}

    static String status(ObjectNode job) {
        if (holds(job, "Complete")) {
            return "Complete";
        }
        if (holds(job, "Failed")) {
            return "Failed";
        }
        if (ObjectMeta.isTerminating(job)) {
            return "Terminating";
        }
        if (holds(job, "Suspended")) {
            return "Suspended";
        }
        if (holds(job, "FailureTarget")) {
            return "FailureTarget";
        }
        return holds(job, "SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
    }

    private static boolean holds(ObjectNode job, String type) {
        for (var condition : job.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)
                    && condition.path("status").asText().equals("True")) {
                return true;
            }
        }
        return false;
    }

    static String completions(ObjectNode job) {
        long succeeded = job.path("status").path("succeeded").asLong();
        if (job.path("spec").hasNonNull("completions")) {
            return succeeded + "/" + job.path("spec").path("completions").asLong();
        }
        long parallelism = job.path("spec").path("parallelism").asLong();
        return parallelism > 1 ? succeeded + "/1 of " + parallelism : succeeded + "/1";
    }

    static Aged duration(ObjectNode job) {
        var started = Aged.since(job.path("status").path("startTime").asText(""), "");
        String completed = job.path("status").path("completionTime").asText("");
        return completed.isEmpty() ? started : Aged.never(started.at(Instant.parse(completed)));
    }
}
