package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Patches;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.pods.Expectations;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Runs the pods of jobs until enough have succeeded or too many have failed. */
public final class JobController {
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);
    private static final Duration LAST_BACKOFF = Duration.ofMinutes(10);

    /** Why a job ends. */
    private record Ending(String type, String interim, String reason, String message) {}

    private final ControllerContext context;
    private final Cache<Job> jobs;
    private final PodControl control;

    /** Joins a context. */
    public JobController(ControllerContext context, int workers) {
        this.context = context;
        this.jobs = context.cache(Job.class);
        var pods = context.cache(Pod.class);
        this.control = new PodControl(context.client(), context.events(), pods, new Expectations(context.clock()));
        WorkQueue<Key> queue = context.queue("job", workers, this::reconcile);
        jobs.onAny(job -> queue.add(Key.of(job)));
        control.watch(
                "Job",
                queue,
                pod -> jobs.inNamespace(pod.getMetadata().getNamespace()).stream()
                        .filter(job -> Selectors.matches(
                                job.getSpec().getSelector(), pod.getMetadata().getLabels()))
                        .map(Key::of)
                        .toList());
    }

    private static boolean isFinished(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                ("Complete".equals(condition.getType()) || "Failed".equals(condition.getType()))
                                        && "True".equals(condition.getStatus()));
    }

    private Outcome reconcile(Key key) throws InterruptedException {
        var found = jobs.find(key);
        if (found.isEmpty()) {
            control.expectations().forget(key);
            return Outcome.done();
        }
        Job job = found.get();
        var pods = control.claim(
                job,
                pod -> Selectors.matches(
                        job.getSpec().getSelector(), pod.getMetadata().getLabels()));
        if (isFinished(job) || Owners.isDeleting(job)) {
            pods.stream()
                    .filter(pod -> PodStates.isFinished(pod) || Owners.isDeleting(job))
                    .forEach(this::release);
            return Outcome.done();
        }
        var tally = new Tally(job, pods);
        Instant now = context.clock().instant();
        var ending = ending(job, tally, now);
        boolean suspended = Boolean.TRUE.equals(job.getSpec().getSuspend());
        int active = tally.active().size();
        Optional<Duration> later = Optional.empty();
        if (control.expectations().met(key)) {
            if (ending.isPresent() || suspended) {
                control.delete(job, tally.active());
                active = 0;
            } else {
                later = backoff(pods, tally, now);
                active += manage(job, tally, later.isPresent());
            }
        }
        var status = status(job, tally, active, ending, suspended, now);
        if (!status.equals(job.getStatus())) {
            report(job, ending, status);
            context.client()
                    .resource(new JobBuilder(job).withStatus(status).build())
                    .updateStatus();
        }
        tally.toRelease().forEach(this::release);
        return next(job, later, now);
    }

    private static Outcome next(Job job, Optional<Duration> later, Instant now) {
        Long limit = job.getSpec().getActiveDeadlineSeconds();
        if (limit != null && job.getStatus() != null && job.getStatus().getStartTime() != null) {
            Duration left = Duration.between(
                    now, Instant.parse(job.getStatus().getStartTime()).plusSeconds(limit));
            return Outcome.after(later.filter(soon -> soon.compareTo(left) < 0).orElse(left));
        }
        return later.map(Outcome::after).orElse(Outcome.done());
    }

    private static Optional<Ending> ending(Job job, Tally tally, Instant now) {
        var spec = job.getSpec();
        var interim = job.getStatus() == null
                ? Optional.<JobCondition>empty()
                : job.getStatus().getConditions().stream()
                        .filter(condition ->
                                List.of("FailureTarget", "SuccessCriteriaMet").contains(condition.getType()))
                        .findFirst();
        if (interim.isPresent()) {
            String type = interim.get().getType().equals("FailureTarget") ? "Failed" : "Complete";
            return Optional.of(new Ending(
                    type,
                    interim.get().getType(),
                    interim.get().getReason(),
                    interim.get().getMessage()));
        }
        Integer limit = spec.getBackoffLimit();
        if (tally.allFailed() > (limit == null ? 6 : limit)) {
            return Optional.of(new Ending(
                    "Failed", "FailureTarget", "BackoffLimitExceeded", "Job has reached the specified backoff limit"));
        }
        String start = job.getStatus() == null ? null : job.getStatus().getStartTime();
        if (spec.getActiveDeadlineSeconds() != null
                && start != null
                && !Boolean.TRUE.equals(spec.getSuspend())
                && !Instant.parse(start)
                        .plusSeconds(spec.getActiveDeadlineSeconds())
                        .isAfter(now)) {
            return Optional.of(new Ending(
                    "Failed", "FailureTarget", "DeadlineExceeded", "Job was active longer than specified deadline"));
        }
        Integer completions = spec.getCompletions();
        boolean done = completions == null
                ? tally.allSucceeded() > 0 && tally.active().isEmpty()
                : tally.allSucceeded() >= completions;
        return done
                ? Optional.of(new Ending(
                        "Complete",
                        "SuccessCriteriaMet",
                        "CompletionsReached",
                        "Reached expected number of succeeded pods"))
                : Optional.empty();
    }

    /** How long to wait before the next pod, after failures in a row. */
    private static Optional<Duration> backoff(List<Pod> pods, Tally tally, Instant now) {
        var failed = pods.stream()
                .filter(pod -> PodStates.phase(pod).equals("Failed"))
                .map(JobController::finishedAt)
                .max(Instant::compareTo);
        if (failed.isEmpty() || tally.allFailed() == 0) {
            return Optional.empty();
        }
        var succeeded = pods.stream()
                .filter(pod -> PodStates.phase(pod).equals("Succeeded"))
                .map(JobController::finishedAt)
                .max(Instant::compareTo);
        if (succeeded.filter(last -> last.isAfter(failed.get())).isPresent()) {
            return Optional.empty();
        }
        Duration delay = FIRST_BACKOFF.multipliedBy(1L << Math.min(10, tally.allFailed() - 1));
        Duration left =
                Duration.between(now, failed.get().plus(delay.compareTo(LAST_BACKOFF) > 0 ? LAST_BACKOFF : delay));
        return left.isPositive() ? Optional.of(left) : Optional.empty();
    }

    private static Instant finishedAt(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getState() != null
                        && status.getState().getTerminated() != null
                        && status.getState().getTerminated().getFinishedAt() != null)
                .map(status -> Instant.parse(status.getState().getTerminated().getFinishedAt()))
                .max(Instant::compareTo)
                .orElseGet(() -> Instant.parse(pod.getMetadata().getCreationTimestamp()));
    }

    /** Creates or deletes pods; returns by how many the active ones changed. */
    private int manage(Job job, Tally tally, boolean waiting) throws InterruptedException {
        var active = tally.active();
        int parallelism =
                job.getSpec().getParallelism() == null ? 1 : job.getSpec().getParallelism();
        Integer completions = job.getSpec().getCompletions();
        int wanted = completions == null
                ? (tally.allSucceeded() > 0 ? active.size() : parallelism)
                : Math.min(parallelism, completions - tally.allSucceeded());
        int missing = Math.max(0, wanted) - active.size();
        if (missing < 0) {
            control.delete(job, active.subList(0, -missing));
            return missing;
        }
        if (missing == 0 || waiting) {
            return 0;
        }
        var failure = control.create(job, tally.isIndexed() ? indexed(job, tally, missing) : plain(job, missing));
        if (failure.isPresent()) {
            throw failure.get();
        }
        return missing;
    }

    private static List<Pod> plain(Job job, int count) {
        Pod pod = new PodBuilder(PodControl.of(job.getSpec().getTemplate(), job))
                .editMetadata()
                .addToFinalizers(Tally.FINALIZER)
                .endMetadata()
                .build();
        return java.util.Collections.nCopies(count, pod);
    }

    private static List<Pod> indexed(Job job, Tally tally, int count) {
        var taken = tally.active().stream().map(Tally::index).collect(Collectors.toCollection(TreeSet::new));
        taken.addAll(tally.completedIndexes);
        var pods = new ArrayList<Pod>();
        for (int index = 0; index < job.getSpec().getCompletions() && pods.size() < count; index++) {
            if (!taken.contains(index)) {
                pods.add(indexed(
                        plain(job, 1).getFirst(), job.getMetadata().getName() + "-" + index, Integer.toString(index)));
            }
        }
        return pods;
    }

    private static Pod indexed(Pod pod, String name, String index) {
        var containers = pod.getSpec().getContainers().stream()
                .map(container -> container
                        .edit()
                        .addNewEnv()
                        .withName("JOB_COMPLETION_INDEX")
                        .withNewValueFrom()
                        .withNewFieldRef()
                        .withFieldPath("metadata.annotations['" + Tally.INDEX + "']")
                        .endFieldRef()
                        .endValueFrom()
                        .endEnv()
                        .build())
                .toList();
        return new PodBuilder(pod)
                .editMetadata()
                .withGenerateName(name + "-")
                .addToAnnotations(Tally.INDEX, index)
                .addToLabels(Tally.INDEX, index)
                .endMetadata()
                .editSpec()
                .withHostname(
                        pod.getSpec().getHostname() == null
                                ? name
                                : pod.getSpec().getHostname())
                .withContainers(containers)
                .endSpec()
                .build();
    }

    private JobStatus status(
            Job job, Tally tally, int active, Optional<Ending> ending, boolean suspended, Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        JobStatus before = job.getStatus() == null ? new JobStatus() : job.getStatus();
        var conditions = new ArrayList<>(before.getConditions());
        ending.ifPresent(end -> {
            set(conditions, end.interim, "True", end.reason, end.message, time);
            if (active == 0 && tally.active().isEmpty() && tally.isSettled()) {
                set(conditions, end.type, "True", end.reason, end.message, time);
            }
        });
        boolean was = before.getConditions().stream()
                .anyMatch(condition -> "Suspended".equals(condition.getType()) && "True".equals(condition.getStatus()));
        if (ending.isEmpty() && suspended != was) {
            set(
                    conditions,
                    "Suspended",
                    suspended ? "True" : "False",
                    suspended ? "JobSuspended" : "JobResumed",
                    suspended ? "Job suspended" : "Job resumed",
                    time);
        }
        boolean complete = conditions.stream().anyMatch(condition -> "Complete".equals(condition.getType()));
        int ready = (int) tally.active().stream().filter(PodStates::isReady).count();
        String start =
                suspended && ending.isEmpty() ? null : before.getStartTime() == null ? time : before.getStartTime();
        int succeeded = tally.isIndexed() ? tally.completedIndexes.size() : tally.succeeded;
        return new JobStatusBuilder(before)
                .withActive(active == 0 ? null : Integer.valueOf(active))
                .withReady(Math.min(ready, active))
                .withTerminating(tally.terminating())
                .withSucceeded(succeeded == 0 ? null : Integer.valueOf(succeeded))
                .withFailed(tally.failed == 0 ? null : Integer.valueOf(tally.failed))
                .withCompletedIndexes(tally.completedIndexes.isEmpty() ? null : Indexes.format(tally.completedIndexes))
                .withStartTime(start)
                .withCompletionTime(complete && before.getCompletionTime() == null ? time : before.getCompletionTime())
                .withNewUncountedTerminatedPods()
                .withSucceeded(tally.uncountedSucceeded)
                .withFailed(tally.uncountedFailed)
                .endUncountedTerminatedPods()
                .withConditions(conditions)
                .build();
    }

    private static void set(
            List<JobCondition> conditions, String type, String status, String reason, String message, String time) {
        if (conditions.stream()
                .noneMatch(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals(status))) {
            conditions.removeIf(condition -> condition.getType().equals(type));
            conditions.add(new JobConditionBuilder()
                    .withType(type)
                    .withStatus(status)
                    .withReason(reason)
                    .withMessage(message)
                    .withLastProbeTime(time)
                    .withLastTransitionTime(time)
                    .build());
        }
    }

    private void report(Job job, Optional<Ending> ending, JobStatus status) {
        if (ending.isPresent()
                && status.getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals(ending.get().type))) {
            if (ending.get().type.equals("Complete")) {
                context.events().normal(job, "Completed", "Job completed");
            } else {
                context.events().warning(job, ending.get().reason, ending.get().message);
            }
        }
        boolean now = status.getConditions().stream()
                .anyMatch(condition -> "Suspended".equals(condition.getType()) && "True".equals(condition.getStatus()));
        boolean before = job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Suspended".equals(condition.getType()) && "True".equals(condition.getStatus()));
        if (now != before) {
            context.events().normal(job, now ? "Suspended" : "Resumed", now ? "Job suspended" : "Job resumed");
        }
    }

    private void release(Pod pod) {
        if (!pod.getMetadata().getFinalizers().contains(Tally.FINALIZER)) {
            return;
        }
        var kept = pod.getMetadata().getFinalizers().stream()
                .filter(finalizer -> !Objects.equals(finalizer, Tally.FINALIZER))
                .toList();
        String patch = context.client()
                .getKubernetesSerialization()
                .asJson(java.util.Map.of("metadata", java.util.Map.of("finalizers", kept)));
        try {
            Patches.merge(
                    context.client(),
                    Patches.path(
                            pod.getMetadata().getNamespace(),
                            "pods",
                            pod.getMetadata().getName()),
                    patch);
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
        }
    }
}
