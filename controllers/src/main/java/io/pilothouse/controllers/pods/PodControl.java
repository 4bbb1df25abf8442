package io.pilothouse.controllers.pods;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
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
import java.util.function.Function;
import java.util.function.Predicate;

/** Makes, deletes, adopts and releases the pods of owners of one kind, and keeps what is expected of them. */
public final class PodControl {
    private static final int FIRST_BATCH = 1;
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
        BiConsumer<Pod, Boolean> changed = (pod, gone) -> {
            var owner = Owners.controllerOf(pod);
            if (owner.isPresent()) {
                if (owner.get().getKind().equals(kind)) {
                    Key key = new Key(
                            pod.getMetadata().getNamespace(), owner.get().getName());
                    seen(key, pod, gone);
                    queue.add(key);
                }
            } else if (!gone) {
                orphanOwners.apply(pod).forEach(queue::add);
            }
        };
        pods.on(
                pod -> changed.accept(pod, false),
                (before, after) -> {
                    Owners.controllerOf(before)
                            .filter(owner -> owner.getKind().equals(kind))
                            .filter(owner -> Owners.controllerOf(after).isEmpty())
                            .ifPresent(owner ->
                                    queue.add(new Key(before.getMetadata().getNamespace(), owner.getName())));
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
        Key key = Key.of(owner);
        expectations.creating(key);
        try {
            Optional<KubernetesClientException> failure = Optional.empty();
            int done = 0;
            for (int batch = FIRST_BATCH; done < wanted.size() && failure.isEmpty(); batch *= 2) {
                var slice = wanted.subList(done, Math.min(wanted.size(), done + batch));
                failure = atOnce(slice, pod -> create(owner, key, pod));
                done += slice.size();
            }
            return failure.filter(e -> !isTerminatingNamespace(e));
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
        Key key = Key.of(owner);
        doomed.forEach(pod -> expectations.deleting(key, pod.getMetadata().getUid()));
        return atOnce(doomed, pod -> delete(owner, key, pod));
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
        var claimed = new ArrayList<Pod>();
        for (Pod pod : pods.ownedBy(owner.getMetadata().getUid())) {
            if (fits.test(pod)) {
                claimed.add(pod);
            } else if (!Owners.isDeleting(owner) && !Owners.isDeleting(pod)) {
                release(owner, pod);
            }
        }
        if (!Owners.isDeleting(owner)) {
            for (Pod pod : pods.orphans(owner.getMetadata().getNamespace())) {
                if (fits.test(pod) && PodStates.isActive(pod)) {
                    adopt(owner, pod).ifPresent(claimed::add);
                }
            }
        }
        return claimed;
    }

    private Optional<Pod> adopt(HasMetadata owner, Pod pod) {
        OwnerReference reference = Owners.controller(owner);
        try {
            String patch = client.getKubernetesSerialization()
                    .asJson(new PodBuilder()
                            .withNewMetadata()
                            .withUid(pod.getMetadata().getUid())
                            .withOwnerReferences(reference)
                            .endMetadata()
                            .build());
            String adopted = Patches.strategic(
                    client,
                    Patches.path(
                            pod.getMetadata().getNamespace(),
                            "pods",
                            pod.getMetadata().getName()),
                    patch);
            return Optional.of(client.getKubernetesSerialization().unmarshal(adopted, Pod.class));
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404 || e.getCode() == 422 || e.getCode() == 409) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void release(HasMetadata owner, Pod pod) {
        try {
            Patches.strategic(
                    client,
                    Patches.path(
                            pod.getMetadata().getNamespace(),
                            "pods",
                            pod.getMetadata().getName()),
                    "{\"metadata\":{\"uid\":\"" + pod.getMetadata().getUid()
                            + "\",\"ownerReferences\":[{\"$patch\":\"delete\",\"uid\":\""
                            + owner.getMetadata().getUid() + "\"}]}}");
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404 && e.getCode() != 422 && e.getCode() != 409) {
                throw e;
            }
        }
    }

    private static Optional<KubernetesClientException> atOnce(List<Pod> pods, java.util.function.Consumer<Pod> call)
            throws InterruptedException {
        Optional<KubernetesClientException> failure = Optional.empty();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> calls = pods.stream()
                    .map(pod -> Executors.callable(() -> call.accept(pod)))
                    .toList();
            for (Future<Object> answer : threads.invokeAll(calls)) {
                try {
                    answer.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof KubernetesClientException cause)) {
                        throw new IllegalStateException(e.getCause());
                    }
                    failure = failure.isPresent() ? failure : Optional.of(cause);
                }
            }
        }
        return failure;
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
