package io.pilothouse.controllers.endpoints;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.WorkQueue;

/** Queues the services that select a pod when it changes. */
final class ServicesOfPods {
    private ServicesOfPods() {}

    static void watch(Cache<Pod> pods, Cache<Service> services, WorkQueue<Key> queue) {
        pods.on(
                added -> queue(added, services, queue),
                (before, after) -> {
                    queue(before, services, queue);
                    queue(after, services, queue);
                },
                deleted -> queue(deleted, services, queue));
    }

    private static void queue(Pod pod, Cache<Service> services, WorkQueue<Key> queue) {
        services.inNamespace(pod.getMetadata().getNamespace()).stream()
                .filter(Backends::isSelecting)
                .filter(service -> Selectors.matchesAll(
                        service.getSpec().getSelector(), pod.getMetadata().getLabels()))
                .forEach(service -> queue.add(Key.of(service)));
    }
}
