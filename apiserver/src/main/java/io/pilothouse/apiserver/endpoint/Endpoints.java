package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.admission.AdmissionChain;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.registry.Lister;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The endpoints of all verbs, made of the parts that they share. */
public final class Endpoints {
    private final ReadEndpoint read;
    private final WatchEndpoint watch;
    private final CreateEndpoint create;
    private final UpdateEndpoint update;
    private final PatchEndpoint patch;
    private final DeleteEndpoint delete;
    private final ScaleEndpoint scale;

    /** @param shortestWatch how long a watch lasts at least where the client does not say */
    public Endpoints(
            Registry registry,
            ObjectCache cache,
            AdmissionChain admission,
            Authorizer authorizer,
            Schemas schemas,
            WatchFanOut fanOut,
            WatchMetrics watchMetrics,
            Duration shortestWatch,
            RandomGenerator random,
            Clock clock) {
        var lister = new Lister(cache);
        var writes = new Writes(admission, registry, authorizer, schemas::knows);
        var managers = new FieldManagers(clock);
        read = new ReadEndpoint(lister);
        watch = new WatchEndpoint(cache, fanOut, watchMetrics, shortestWatch, random);
        create = new CreateEndpoint(registry, writes, managers);
        update = new UpdateEndpoint(registry, writes, managers, create);
        patch = new PatchEndpoint(registry, writes, managers, create);
        var deleteOptions =
                new DeleteOptionsReader(schemas.type(new GroupVersionKind("meta.k8s.io", "v1", "DeleteOptions")));
        delete = new DeleteEndpoint(registry, lister, writes, deleteOptions);
        scale = new ScaleEndpoint(registry, lister, writes, schemas.type(Subresource.Scale.KIND), clock);
    }

    ReadEndpoint read() {
        return read;
    }

    WatchEndpoint watch() {
        return watch;
    }

    CreateEndpoint create() {
        return create;
    }

    UpdateEndpoint update() {
        return update;
    }

    PatchEndpoint patch() {
        return patch;
    }

    DeleteEndpoint delete() {
        return delete;
    }

    ScaleEndpoint scale() {
        return scale;
    }
}
