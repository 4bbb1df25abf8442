package io.pilothouse.apiserver.kinds.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.WorkloadRules;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.kinds.pod.SameValue;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * What must hold for a job's status. Most rules are only asked where what they are about changes, so that a status that broke one
 * before stays writable.
 */
final class JobStatusRules {
    private static final String COMPLETE = "Complete";
    private static final String FAILED = "Failed";
    private static final String FAILURE_TARGET = "FailureTarget";
    private static final String SUCCESS = "SuccessCriteriaMet";

    private final Field status;
    private final JsonNode now;
    private final JsonNode old;
    private final JsonNode spec;
    private final boolean complete;
    private final boolean failed;
    private final boolean finished;

    private JobStatusRules(Field status, JsonNode old, JsonNode spec) {
        this.status = status;
        this.now = status.value();
        this.old = old;
        this.spec = spec;
        this.complete = JobConditions.holds(now, COMPLETE);
        this.failed = JobConditions.holds(now, FAILED);
        this.finished = complete || failed;
    }

    static List<FieldError> check(JsonNode job, JsonNode old) {
        var errors = new ArrayList<FieldError>();
        var rules = new JobStatusRules(Field.of(job, errors).child("status"), old.path("status"), job.path("spec"));
        rules.counts();
        rules.outcome();
        rules.finished();
        rules.indexes();
        rules.success();
        rules.transitions();
        return errors;
    }

    private boolean changed(String field) {
        return !SameValue.of(now.path(field), old.path(field));
    }

    private boolean conditionChanged(String type) {
        return JobConditions.holds(now, type) != JobConditions.holds(old, type);
    }

    private boolean finishedChanged() {
        return finished != JobConditions.isFinished(old);
    }

    private void conditions(String detail) {
        var conditions = status.child("conditions");
        conditions.add(FieldError.invalid(conditions.path(), FieldError.OMITTED, detail));
    }

    private void counts() {
        WorkloadRules.notNegative(status, "active", "succeeded", "failed", "ready", "terminating");
        var seen = new HashSet<String>();
        for (String list : List.of("succeeded", "failed")) {
            status.child("uncountedTerminatedPods", list).each(uid -> {
                if (uid.isEmpty()) {
                    uid.invalid("must not be empty");
                } else if (!seen.add(uid.text())) {
                    uid.duplicate();
                }
            });
        }
    }

    private void outcome() {
        boolean completeChanged = conditionChanged(COMPLETE);
        boolean failedChanged = conditionChanged(FAILED);
        if ((completeChanged || failedChanged) && complete && failed) {
            conditions("cannot set Complete=True and Failed=true conditions");
        }
        boolean target = JobConditions.holds(now, FAILURE_TARGET);
        if ((completeChanged || conditionChanged(FAILURE_TARGET)) && complete && target) {
            conditions("cannot set Complete=True and FailureTarget=true conditions");
        }
        var time = status.child("completionTime");
        boolean timeChanged = changed("completionTime");
        if (completeChanged || timeChanged) {
            if (time.present() && !complete) {
                time.invalid("cannot set completionTime when there is no Complete=True condition");
            }
            if (!time.present() && complete) {
                time.required("completionTime is required for Complete jobs");
            }
        }
        if ((timeChanged || changed("startTime")) && isBefore(now.path("completionTime"), now.path("startTime"))) {
            time.invalid("must be equal to or after `startTime`");
        }
        if ((failedChanged || changed("failedIndexes")) && failed && !target) {
            conditions("cannot set Failed=True condition without the FailureTarget=true condition");
        }
        boolean met = JobConditions.holds(now, SUCCESS);
        if ((completeChanged || conditionChanged(SUCCESS)) && complete && !met) {
            conditions("cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        }
    }

    private static boolean isBefore(JsonNode a, JsonNode b) {
        return a.isTextual() && b.isTextual() && Instant.parse(a.asText()).isBefore(Instant.parse(b.asText()));
    }

    private void finished() {
        if (!finished) {
            return;
        }
        boolean finishedChanged = finishedChanged();
        var active = status.child("active");
        if ((finishedChanged || changed("active")) && active.number() > 0) {
            active.invalid("active>0 is invalid for finished job");
        }
        boolean nothingToDo = spec.path("suspend").asBoolean()
                && spec.has("completions")
                && spec.path("completions").asLong() == 0;
        var start = status.child("startTime");
        if ((finishedChanged || changed("startTime")) && !nothingToDo && !start.present()) {
            start.required("startTime is required for finished job");
        }
        var uncounted = status.child("uncountedTerminatedPods");
        if ((finishedChanged || changed("uncountedTerminatedPods"))
                && uncounted.child("failed").size()
                                + uncounted.child("succeeded").size()
                        > 0) {
            uncounted.invalid(
                    InternalForm.of("UncountedTerminatedPods", uncounted.value()), "must be empty for finished job");
        }
    }

    private void indexes() {
        boolean completedChanged = changed("completedIndexes");
        boolean failedChanged = changed("failedIndexes");
        var completed = status.child("completedIndexes");
        var failures = status.child("failedIndexes");
        boolean bounded = spec.has("completions");
        if (completedChanged && bounded) {
            readable(completed);
        }
        if (failedChanged && bounded && spec.has("backoffLimitPerIndex") && failures.present()) {
            readable(failures);
        }
        boolean indexed = spec.path("completionMode").asText("").equals(JobSpecRules.INDEXED);
        if (completedChanged && !completed.isEmpty() && !indexed) {
            completed.invalid("cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (failedChanged && failures.present() && !spec.has("backoffLimitPerIndex")) {
            failures.invalid("cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if ((failedChanged || completedChanged) && bounded && !completed.isEmpty() && !failures.isEmpty()) {
            IndexSet.overlap(
                            completed.text(),
                            failures.text(),
                            spec.path("completions").asLong())
                    .ifPresent(
                            index -> failures.invalid("failedIndexes and completedIndexes overlap at index: " + index));
        }
        afterIndexes();
    }

    private void readable(Field indexes) {
        try {
            IndexSet.count(indexes.text(), spec.path("completions").asLong());
        } catch (IndexSet.FormatException e) {
            String path = indexes.path().toString();
            String name = path.substring(path.lastIndexOf('.') + 1);
            indexes.invalid("error parsing " + name + ": " + e.getMessage());
        }
    }

    private void afterIndexes() {
        var terminating = status.child("terminating");
        if (finished && (finishedChanged() || changed("terminating")) && terminating.number() > 0) {
            terminating.invalid("terminating>0 is invalid for finished job");
        }
        var ready = status.child("ready");
        if ((changed("ready") || changed("active"))
                && ready.present()
                && ready.number() > status.child("active").number()) {
            ready.invalid("cannot set more ready pods than active");
        }
    }

    private void success() {
        boolean met = JobConditions.holds(now, SUCCESS);
        if (met && failed) {
            conditions("cannot set SuccessCriteriaMet=True and Failed=true conditions");
        }
        if (met && JobConditions.holds(now, FAILURE_TARGET)) {
            conditions("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        }
        if (spec.has("successPolicy") && !met && complete) {
            conditions("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        }
    }

    private void transitions() {
        for (String type : List.of(FAILED, COMPLETE, FAILURE_TARGET)) {
            if (JobConditions.holds(old, type) && !JobConditions.holds(now, type)) {
                conditions("cannot disable the terminal " + type + "=True condition");
            }
        }
        decrease("failed");
        boolean elastic = spec.path("completionMode").asText("").equals(JobSpecRules.INDEXED)
                && SameValue.of(spec.path("completions"), spec.path("parallelism"));
        if (!elastic) {
            decrease("succeeded");
        }
        var time = status.child("completionTime");
        if (time.present() && old.has("completionTime") && changed("completionTime")) {
            time.invalid("field is immutable");
        }
        boolean resuming = JobConditions.holds(old, "Suspended") && JobConditions.is(now, "Suspended", "False");
        if (changed("startTime")
                && !resuming
                && old.has("startTime")
                && !spec.path("suspend").asBoolean()) {
            var start = status.child("startTime");
            start.add(FieldError.invalid(
                    start.path(),
                    start.present() ? start.value() : null,
                    "field is immutable for unsuspended job once set"));
        }
        boolean met = JobConditions.holds(now, SUCCESS);
        boolean metBefore = JobConditions.holds(old, SUCCESS);
        if (metBefore && !met) {
            conditions("cannot disable the SuccessCriteriaMet=True condition");
        }
        if (JobConditions.holds(old, COMPLETE) && !metBefore && met) {
            conditions("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
        }
    }

    private void decrease(String field) {
        var count = status.child(field);
        if (count.number() < old.path(field).asLong()) {
            count.invalid(count.number(), "cannot decrease the " + field + " counter");
        }
    }
}
