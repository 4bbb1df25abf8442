package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.objects.Patches;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.workqueue.Key;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes the tracking finalizer off pods, and remembers which of a job's it has taken it off until the cache shows it: such a pod is counted already. Safe for
 * use by many threads.
 */
final class Finalizers {
    private static final String PATCH =
            "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"" + JobPods.FINALIZER + "\"]}}";

    private final KubernetesClient client;
    private final Map<Key, Set<String>> removed = new HashMap<>();

    Finalizers(KubernetesClient client) {
        this.client = client;
    }

    /** The pods of a job, by uid, that the cache still shows with the finalizer. */
    synchronized Set<String> removed(Key job) {
        return Set.copyOf(removed.getOrDefault(job, Set.of()));
    }

    /** The cache shows a pod without the finalizer, or gone. */
    synchronized void seenRemoved(Pod pod) {
        Owners.controllerOf(pod)
                .map(owner -> removed.get(new Key(pod.getMetadata().getNamespace(), owner.getName())))
                .ifPresent(uids -> uids.remove(pod.getMetadata().getUid()));
    }

    /** A job is gone. */
    synchronized void forget(Key job) {
        removed.remove(job);
    }

    private synchronized void expect(Key job, List<Pod> pods) {
        var uids = removed.computeIfAbsent(job, ignored -> new HashSet<>());
        pods.forEach(pod -> uids.add(pod.getMetadata().getUid()));
    }

    /** Removes it from those of a job's pods that are counted, all at once; tells of which it is gone. */
    PodControl.Done release(Key job, List<Pod> counted) throws InterruptedException {
        expect(job, counted);
        return PodControl.each(counted, pod -> {
            try {
                remove(pod);
            } catch (KubernetesClientException e) {
                seenRemoved(pod);
                throw e;
            }
        });
    }

    /** Removes it from pods that are not to be counted. */
    PodControl.Done remove(List<Pod> pods) throws InterruptedException {
        return PodControl.each(pods, this::remove);
    }

    /** Removes it from a pod; one that is gone needs nothing. */
    void remove(Pod pod) {
        if (!JobPods.isTracked(pod)) {
            return;
        }
        try {
            Patches.strategic(
                    client,
                    Patches.path(
                            pod.getMetadata().getNamespace(),
                            "pods",
                            pod.getMetadata().getName()),
                    PATCH);
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
            seenRemoved(pod);
        }
    }
}
