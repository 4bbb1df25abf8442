package io.pilothouse.controllers.cronjob;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Makes jobs by a schedule, one a scheduled time however often it looks, and clears finished ones away. Follows upstream's second cron job controller. */
public final class CronJobController {
    private static final String TIMESTAMP = "batch.kubernetes.io/cronjob-scheduled-timestamp";
    /** Clocks of masters differ a little: a time is looked at when it has surely come. */
    private static final Duration SLACK = Duration.ofMillis(100);

    private final ControllerContext context;
    private final Cache<CronJob> cronJobs;
    private final Cache<Job> jobs;

    /** Joins a context. */
    public CronJobController(ControllerContext context, int workers) {
        this.context = context;
        this.cronJobs = context.cache(CronJob.class);
        this.jobs = context.cache(Job.class);
        WorkQueue<Key> queue = context.queue("cronjob", workers, this::reconcile);
        cronJobs.onAny(cronJob -> queue.add(Key.of(cronJob)));
        jobs.onAny(job -> Owners.controllerOf(job)
                .filter(owner -> owner.getKind().equals("CronJob"))
                .ifPresent(owner -> queue.add(new Key(job.getMetadata().getNamespace(), owner.getName()))));
    }

    private Outcome reconcile(Key key) {
        var found = cronJobs.find(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        CronJob cronJob = found.get();
        List<Job> own = jobs.ownedBy(cronJob.getMetadata().getUid());
        var status = new CronJobStatusBuilder(cronJob.getStatus() == null ? new CronJobStatus() : cronJob.getStatus())
                .build();
        clear(cronJob, own);
        observe(cronJob, own, status);
        Outcome next = Outcome.done();
        try {
            if (!Owners.isDeleting(cronJob)
                    && !Boolean.TRUE.equals(cronJob.getSpec().getSuspend())) {
                next = schedule(cronJob, own, status);
            }
        } finally {
            if (!status.equals(cronJob.getStatus())) {
                context.client()
                        .resource(new CronJobBuilder(cronJob).withStatus(status).build())
                        .updateStatus();
            }
        }
        return next;
    }

    private void clear(CronJob cronJob, List<Job> own) {
        for (Job job : JobHistory.superfluous(cronJob, own)) {
            delete(cronJob, job);
        }
    }

    private void delete(CronJob cronJob, Job job) {
        try {
            context.client()
                    .resource(job)
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete();
            context.events()
                    .normal(
                            cronJob,
                            "SuccessfulDelete",
                            "Deleted job " + job.getMetadata().getName());
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                context.events().warning(cronJob, "FailedDelete", "Deleted job: " + PodControl.reason(e));
                throw e;
            }
        }
    }

    /** Brings the list of active jobs up to date with what became of them. */
    private void observe(CronJob cronJob, List<Job> own, CronJobStatus status) {
        List<ObjectReference> active = new ArrayList<>();
        for (ObjectReference reference : status.getActive()) {
            // A job that was just made may not be in the cache.
            Optional<Job> job = own.stream()
                    .filter(each -> each.getMetadata().getUid().equals(reference.getUid()))
                    .findFirst()
                    .or(() -> Optional.ofNullable(context.client()
                                    .batch()
                                    .v1()
                                    .jobs()
                                    .inNamespace(cronJob.getMetadata().getNamespace())
                                    .withName(reference.getName())
                                    .get())
                            .filter(each -> each.getMetadata().getUid().equals(reference.getUid())));
            Optional<String> end = job.flatMap(JobHistory::end);
            if (job.isEmpty()) {
                context.events().normal(cronJob, "MissingJob", "Active job went missing: " + reference.getName());
            } else if (end.isPresent()) {
                context.events()
                        .normal(
                                cronJob,
                                "SawCompletedJob",
                                "Saw completed job: " + reference.getName() + ", condition: " + end.get());
            } else {
                active.add(reference);
            }
        }
        for (Job job : own) {
            boolean listed = status.getActive().stream()
                    .anyMatch(reference ->
                            reference.getUid().equals(job.getMetadata().getUid()));
            if (!listed && JobHistory.end(job).isEmpty() && !Owners.isDeleting(job)) {
                adopt(cronJob, job, active);
            }
            String completed = job.getStatus() == null ? null : job.getStatus().getCompletionTime();
            if (completed != null
                    && JobHistory.end(job).filter("Complete"::equals).isPresent()
                    && (status.getLastSuccessfulTime() == null
                            || Instant.parse(completed).isAfter(Instant.parse(status.getLastSuccessfulTime())))) {
                status.setLastSuccessfulTime(completed);
            }
        }
        status.setActive(active);
    }

    /** A job that nobody noted: made here and the note lost, or made by hand. */
    private void adopt(CronJob cronJob, Job job, List<ObjectReference> active) {
        var annotations = job.getMetadata().getAnnotations();
        if (annotations != null && annotations.containsKey(TIMESTAMP)) {
            active.add(reference(job));
        } else {
            context.events()
                    .warning(
                            cronJob,
                            "UnexpectedJob",
                            "Saw a job that the controller did not create or forgot: "
                                    + job.getMetadata().getName());
        }
    }

    private Outcome schedule(CronJob cronJob, List<Job> own, CronJobStatus status) {
        Instant now = context.clock().instant();
        CronSchedule schedule;
        ZoneId zone;
        try {
            String named = cronJob.getSpec().getTimeZone();
            zone = named == null ? ZoneOffset.UTC : ZoneId.of(named);
            schedule = CronSchedule.parse(cronJob.getSpec().getSchedule(), zone);
        } catch (IllegalArgumentException | DateTimeException e) {
            context.events()
                    .warning(
                            cronJob,
                            "UnparseableSchedule",
                            "unparseable schedule: \"" + cronJob.getSpec().getSchedule() + "\" : " + e.getMessage());
            return Outcome.done();
        }
        Duration deadline = cronJob.getSpec().getStartingDeadlineSeconds() == null
                ? null
                : Duration.ofSeconds(cronJob.getSpec().getStartingDeadlineSeconds());
        Instant earliest = Instant.parse(Objects.requireNonNullElse(
                status.getLastScheduleTime(), cronJob.getMetadata().getCreationTimestamp()));
        if (deadline != null && now.minus(deadline).isAfter(earliest)) {
            earliest = now.minus(deadline);
        }
        var due = DueTime.of(schedule, earliest, now);
        if (due.missed()) {
            context.events()
                    .warning(
                            cronJob,
                            "TooManyMissedTimes",
                            "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
        }
        if (due.due().isPresent()) {
            start(cronJob, own, status, due.due().get(), zone);
        }
        return schedule.next(context.clock().instant())
                .map(next -> Outcome.after(
                        Duration.between(context.clock().instant(), next).plus(SLACK)))
                .orElse(Outcome.done());
    }

    private void start(CronJob cronJob, List<Job> own, CronJobStatus status, Instant time, ZoneId zone) {
        String name = cronJob.getMetadata().getName() + "-" + time.getEpochSecond() / 60;
        boolean there = own.stream().anyMatch(job -> job.getMetadata().getName().equals(name))
                || status.getActive().stream()
                        .anyMatch(reference -> reference.getName().equals(name));
        if (there) {
            status.setLastScheduleTime(time.truncatedTo(ChronoUnit.SECONDS).toString());
            return;
        }
        if (!status.getActive().isEmpty() && "Forbid".equals(cronJob.getSpec().getConcurrencyPolicy())) {
            context.events()
                    .normal(
                            cronJob,
                            "JobAlreadyActive",
                            "Not starting job because prior execution is running and concurrency policy is Forbid");
            return;
        }
        if ("Replace".equals(cronJob.getSpec().getConcurrencyPolicy())) {
            for (Job job : own) {
                if (JobHistory.end(job).isEmpty()) {
                    delete(cronJob, job);
                    status.getActive()
                            .removeIf(reference ->
                                    reference.getUid().equals(job.getMetadata().getUid()));
                }
            }
        }
        try {
            Job made = context.client().resource(job(cronJob, name, time, zone)).create();
            context.events().normal(cronJob, "SuccessfulCreate", "Created job " + name);
            status.getActive().add(reference(made));
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403 && PodControl.reason(e).contains("because it is being terminated")) {
                return;
            }
            // Taken: by this controller's earlier self, whose job the next look takes in.
            if (e.getCode() != 409) {
                context.events().warning(cronJob, "FailedCreate", "Error creating job: " + PodControl.reason(e));
                throw e;
            }
        }
        status.setLastScheduleTime(time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static Job job(CronJob cronJob, String name, Instant time, ZoneId zone) {
        var template = cronJob.getSpec().getJobTemplate();
        var metadata = template.getMetadata();
        Map<String, String> annotations = new HashMap<>(
                metadata == null ? Map.of() : Objects.requireNonNullElse(metadata.getAnnotations(), Map.of()));
        annotations.put(
                TIMESTAMP,
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        time.truncatedTo(ChronoUnit.SECONDS).atZone(zone)));
        return new JobBuilder()
                .withNewMetadata()
                .withNamespace(cronJob.getMetadata().getNamespace())
                .withName(name)
                .withLabels(metadata == null ? null : metadata.getLabels())
                .withAnnotations(annotations)
                .withOwnerReferences(Owners.controller(cronJob))
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
    }

    private static ObjectReference reference(Job job) {
        return new ObjectReferenceBuilder()
                .withApiVersion(job.getApiVersion())
                .withKind(job.getKind())
                .withNamespace(job.getMetadata().getNamespace())
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .withResourceVersion(job.getMetadata().getResourceVersion())
                .build();
    }
}
