package io.pilothouse.controllers.pods;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.events.EventRecorder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Patches;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Makes, deletes, adopts and releases the pods of owners of one kind, and keeps what is expected of them. */
public final class PodControl {
    private static final int FIRST_BATCH = 1;

    /**
     * What became of a call for each of many pods.
     *
     * @param pods those for which it succeeded
     * @param failure the first one
     */
    public record Done(List<Pod> pods, Optional<KubernetesClientException> failure) {}

    private final KubernetesClient client;
    private final EventRecorder events;
    private final Cache<Pod> pods;
    private final Expectations expectations;

    /** A control with expectations of its own. */
    public PodControl(KubernetesClient client, EventRecorder events, Cache<Pod> pods, Expectations expectations) {
        this.client = client;
        this.events = events;
        this.pods = pods;
        this.expectations = expectations;
    }

    /** What was asked for and has not shown. */
    public Expectations expectations() {
        return expectations;
    }

    /**
     * Queues owners when their pods change.
     *
     * @param kind the kind of the owners
     * @param orphanOwners who may adopt a pod without a controller
     */
    public void watch(String kind, WorkQueue<Key> queue, Function<Pod, List<Key>> orphanOwners) {
        watch(kind, queue::add, orphanOwners);
    }

    /** Tells {@code enqueue} of owners when their pods change; else as with a queue. */
    public void watch(String kind, Consumer<Key> enqueue, Function<Pod, List<Key>> orphanOwners) {
        BiConsumer<Pod, Boolean> changed = (pod, gone) -> {
            var owner = Owners.controllerOf(pod);
            if (owner.isPresent()) {
                if (owner.get().getKind().equals(kind)) {
                    Key key = new Key(
                            pod.getMetadata().getNamespace(), owner.get().getName());
                    seen(key, pod, gone);
                    enqueue.accept(key);
                }
            } else if (!gone) {
                orphanOwners.apply(pod).forEach(enqueue);
            }
        };
        pods.on(
                pod -> changed.accept(pod, false),
                (before, after) -> {
                    Owners.controllerOf(before)
                            .filter(owner -> owner.getKind().equals(kind))
                            .filter(owner -> Owners.controllerOf(after).isEmpty())
                            .ifPresent(owner ->
                                    enqueue.accept(new Key(before.getMetadata().getNamespace(), owner.getName())));
                    changed.accept(after, false);
                },
                pod -> changed.accept(pod, true));
    }

    private void seen(Key owner, Pod pod, boolean gone) {
        if (gone || Owners.isDeleting(pod)) {
            expectations.seenDeleted(owner, pod.getMetadata().getUid());
        } else {
            expectations.seenCreated(owner, pod.getMetadata().getUid());
        }
    }

    /** A pod of a template, controlled by {@code owner}; named by the server after it. */
    public static Pod of(PodTemplateSpec template, HasMetadata owner) {
        var metadata = template.getMetadata();
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(owner.getMetadata().getNamespace())
                .withGenerateName(owner.getMetadata().getName() + "-")
                .withLabels(metadata == null ? null : metadata.getLabels())
                .withAnnotations(metadata == null ? null : metadata.getAnnotations())
                .withFinalizers(metadata == null ? List.of() : metadata.getFinalizers())
                .withOwnerReferences(Owners.controller(owner))
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
    }

    /**
     * Creates pods: one, then two, then four at once, as long as none fails, so that a refusal by quota costs one call.
     *
     * @return the first failure; a namespace on its way out is none
     */
    public Optional<KubernetesClientException> create(HasMetadata owner, List<Pod> wanted) throws InterruptedException {
        return createEach(owner, wanted).failure();
    }

    /** As {@link #create}, and tells which were made. */
    public Done createEach(HasMetadata owner, List<Pod> wanted) throws InterruptedException {
        Key key = Key.of(owner);
        expectations.creating(key);
        try {
            var made = new ArrayList<Pod>();
            Optional<KubernetesClientException> failure = Optional.empty();
            int tried = 0;
            for (int batch = FIRST_BATCH; tried < wanted.size() && failure.isEmpty(); batch *= 2) {
                var slice = wanted.subList(tried, Math.min(wanted.size(), tried + batch));
                var done = each(slice, pod -> create(owner, key, pod));
                made.addAll(done.pods);
                failure = done.failure;
                tried += slice.size();
            }
            return new Done(made, failure.filter(e -> !isTerminatingNamespace(e)));
        } finally {
            expectations.creationsAnswered(key);
        }
    }

    private void create(HasMetadata owner, Key key, Pod wanted) {
        try {
            Pod made =
                    client.pods().inNamespace(key.namespace()).resource(wanted).create();
            expectations.created(key, made.getMetadata().getUid());
            if (pods.find(Key.of(made)).isPresent()) {
                expectations.seenCreated(key, made.getMetadata().getUid());
            }
            events.normal(
                    owner,
                    "SuccessfulCreate",
                    "Created pod: " + made.getMetadata().getName());
        } catch (KubernetesClientException e) {
            if (!isTerminatingNamespace(e)) {
                events.warning(owner, "FailedCreate", "Error creating: " + reason(e));
            }
            throw e;
        }
    }

    /** Deletes pods, all at once; returns the first failure. */
    public Optional<KubernetesClientException> delete(HasMetadata owner, List<Pod> doomed) throws InterruptedException {
        return deleteEach(owner, doomed).failure();
    }

    /** As {@link #delete}, and tells which are going or gone. */
    public Done deleteEach(HasMetadata owner, List<Pod> doomed) throws InterruptedException {
        Key key = Key.of(owner);
        doomed.forEach(pod -> expectations.deleting(key, pod.getMetadata().getUid()));
        return each(doomed, pod -> delete(owner, key, pod));
    }

    private void delete(HasMetadata owner, Key key, Pod pod) {
        try {
            var gone = client.pods()
                    .inNamespace(key.namespace())
                    .withName(pod.getMetadata().getName())
                    .delete();
            if (gone.isEmpty()) {
                expectations.seenDeleted(key, pod.getMetadata().getUid());
                return;
            }
            events.normal(
                    owner,
                    "SuccessfulDelete",
                    "Deleted pod: " + pod.getMetadata().getName());
        } catch (KubernetesClientException e) {
            expectations.seenDeleted(key, pod.getMetadata().getUid());
            events.warning(owner, "FailedDelete", "Error deleting: " + reason(e));
            throw e;
        }
    }

    /** The pods that {@code owner} controls, after adopting orphans that fit and releasing those that no longer do. */
    public List<Pod> claim(HasMetadata owner, Predicate<Pod> fits) {
        return claim(owner, fits, PodStates::isActive, List.of());
    }

    /** As {@link #claim(HasMetadata, Predicate)}; finished orphans are adopted too. Who is adopted gets the finalizer, who is released loses it. */
    public List<Pod> claim(HasMetadata owner, Predicate<Pod> fits, String finalizer) {
        return claim(owner, fits, pod -> !Owners.isDeleting(pod), List.of(finalizer));
    }

    private List<Pod> claim(HasMetadata owner, Predicate<Pod> fits, Predicate<Pod> adoptable, List<String> finalizers) {
        var claimed = new ArrayList<Pod>();
        for (Pod pod : pods.ownedBy(owner.getMetadata().getUid())) {
            if (fits.test(pod)) {
                claimed.add(pod);
            } else if (!Owners.isDeleting(owner) && !Owners.isDeleting(pod)) {
                release(owner, pod, finalizers);
            }
        }
        if (!Owners.isDeleting(owner)) {
            var orphans = pods.orphans(owner.getMetadata().getNamespace()).stream()
                    .filter(pod -> fits.test(pod) && adoptable.test(pod))
                    .toList();
            if (!orphans.isEmpty() && isThere(owner)) {
                orphans.forEach(pod -> adopt(owner, pod, finalizers).ifPresent(claimed::add));
            }
        }
        return claimed;
    }

    /** Whether the server has this very owner, and not on its way out: the garbage collector would take what it adopts. */
    private boolean isThere(HasMetadata owner) {
        HasMetadata fresh = client.resource(owner).get();
        return fresh != null
                && fresh.getMetadata().getUid().equals(owner.getMetadata().getUid())
                && !Owners.isDeleting(fresh);
    }

    private Optional<Pod> adopt(HasMetadata owner, Pod pod, List<String> finalizers) {
        String patch = client.getKubernetesSerialization()
                .asJson(new PodBuilder()
                        .withNewMetadata()
                        .withUid(pod.getMetadata().getUid())
                        .withOwnerReferences(Owners.controller(owner))
                        .withFinalizers(finalizers)
                        .endMetadata()
                        .build());
        return patch(pod, patch)
                .map(adopted -> client.getKubernetesSerialization().unmarshal(adopted, Pod.class));
    }

    private void release(HasMetadata owner, Pod pod, List<String> finalizers) {
        String without = finalizers.isEmpty()
                ? ""
                : "\"$deleteFromPrimitiveList/finalizers\":"
                        + client.getKubernetesSerialization().asJson(finalizers) + ",";
        patch(
                pod,
                "{\"metadata\":{\"uid\":\"" + pod.getMetadata().getUid() + "\"," + without
                        + "\"ownerReferences\":[{\"$patch\":\"delete\",\"uid\":\""
                        + owner.getMetadata().getUid() + "\"}]}}");
    }

    /** Empty where the pod is gone, another one or somebody else's by now. */
    private Optional<String> patch(Pod pod, String patch) {
        try {
            return Optional.of(Patches.strategic(
                    client,
                    Patches.path(
                            pod.getMetadata().getNamespace(),
                            "pods",
                            pod.getMetadata().getName()),
                    patch));
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404 || e.getCode() == 422 || e.getCode() == 409) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Does something with each pod, all at once. */
    public static Done each(List<Pod> pods, Consumer<Pod> call) throws InterruptedException {
        var done = new ArrayList<Pod>();
        Optional<KubernetesClientException> failure = Optional.empty();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Pod>> calls = pods.stream()
                    .map(pod -> Executors.callable(() -> call.accept(pod), pod))
                    .toList();
            for (Future<Pod> answer : threads.invokeAll(calls)) {
                try {
                    done.add(answer.get());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof KubernetesClientException cause)) {
                        throw new IllegalStateException(e.getCause());
                    }
                    failure = failure.isPresent() ? failure : Optional.of(cause);
                }
            }
        }
        return new Done(done, failure);
    }

    private static boolean isTerminatingNamespace(KubernetesClientException e) {
        return e.getCode() == 403 && String.valueOf(e.getMessage()).contains("because it is being terminated");
    }

    /** The server's own words. */
    public static String reason(KubernetesClientException e) {
        return e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : String.valueOf(e.getMessage());
    }
}
