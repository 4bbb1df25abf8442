package io.pilothouse.controllers.serviceaccount;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;

/** Sees that every active namespace has a ServiceAccount named default. */
public final class ServiceAccountController {
    private final ControllerContext context;
    private final Cache<Namespace> namespaces;
    private final Cache<ServiceAccount> accounts;

    /** Joins a context. */
    public ServiceAccountController(ControllerContext context, int workers) {
        this.context = context;
        this.namespaces = context.cache(Namespace.class);
        this.accounts = context.cache(ServiceAccount.class);
        var queue = context.queue("serviceaccount", workers, this::reconcile);
        namespaces.on(added -> queue.add(Key.of(added)), (before, after) -> queue.add(Key.of(after)), deleted -> {});
        accounts.on(
                added -> {},
                (before, after) -> {},
                deleted -> queue.add(new Key("", deleted.getMetadata().getNamespace())));
    }

    private Outcome reconcile(Key namespace) {
        boolean active = namespaces
                .find(namespace)
                .filter(found -> "Active".equals(found.getStatus().getPhase()))
                .isPresent();
        if (active && accounts.find(namespace.name(), "default").isEmpty()) {
            var account = new ServiceAccountBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace.name())
                    .withName("default")
                    .endMetadata()
                    .build();
            try {
                context.client().resource(account).create();
            } catch (KubernetesClientException e) {
                if (e.getCode() != 409) {
                    throw e;
                }
            }
        }
        return Outcome.done();
    }
}
