package io.pilothouse.controllers.serviceaccount;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import java.util.Map;

/** Keeps the certificates that verify the API server in a ConfigMap of every namespace, for pods to trust. */
public final class RootCaPublisher {
    private static final String NAME = "kube-root-ca.crt";
    private static final String DESCRIPTION =
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as "
                    + "the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

    private final ControllerContext context;
    private final Cache<Namespace> namespaces;
    private final Cache<ConfigMap> maps;
    private final Map<String, String> data;

    /**
     * Joins a context.
     *
     * @param bundle PEM certificates
     */
    public RootCaPublisher(ControllerContext context, int workers, String bundle) {
        this.context = context;
        this.namespaces = context.cache(Namespace.class);
        this.maps = context.cache(ConfigMap.class);
        this.data = Map.of("ca.crt", bundle);
        var queue = context.queue("root-ca-certificate-publisher", workers, this::reconcile);
        namespaces.on(added -> queue.add(Key.of(added)), (before, after) -> queue.add(Key.of(after)), deleted -> {});
        maps.on(added -> {}, (before, after) -> requeue(queue, after), deleted -> requeue(queue, deleted));
    }

    private static void requeue(io.pilothouse.controllers.workqueue.WorkQueue<Key> queue, ConfigMap map) {
        if (map.getMetadata().getName().equals(NAME)) {
            queue.add(new Key("", map.getMetadata().getNamespace()));
        }
    }

    private Outcome reconcile(Key namespace) {
        boolean active = namespaces
                .find(namespace)
                .filter(found -> "Active".equals(found.getStatus().getPhase()))
                .isPresent();
        if (!active) {
            return Outcome.done();
        }
        var existing = maps.find(namespace.name(), NAME);
        if (existing.isEmpty()) {
            var map = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace.name())
                    .withName(NAME)
                    .withAnnotations(Map.of("kubernetes.io/description", DESCRIPTION))
                    .endMetadata()
                    .withData(data)
                    .build();
            try {
                context.client().resource(map).create();
            } catch (KubernetesClientException e) {
                if (e.getCode() != 409) {
                    throw e;
                }
            }
        } else if (!data.equals(existing.get().getData())) {
            context.client()
                    .resource(new ConfigMapBuilder(existing.get())
                            .editMetadata()
                            .addToAnnotations("kubernetes.io/description", DESCRIPTION)
                            .endMetadata()
                            .withData(data)
                            .build())
                    .update();
        }
        return Outcome.done();
    }
}
