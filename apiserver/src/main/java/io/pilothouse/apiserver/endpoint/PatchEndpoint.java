package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** PATCH of a resource or of a view of it: JSON patch, merge patch, strategic merge patch, server-side apply. */
final class PatchEndpoint {
    static final String JSON_PATCH = "application/json-patch+json";
    static final String MERGE_PATCH = "application/merge-patch+json";
    static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    static final String APPLY = "application/apply-patch+yaml";

    private final Registry registry;
    private final Writes writes;
    private final FieldManagers managers;
    private final CreateEndpoint create;

    PatchEndpoint(Registry registry, Writes writes, FieldManagers managers, CreateEndpoint create) {
        this.registry = registry;
        this.writes = writes;
        this.managers = managers;
        this.create = create;
    }

    void handle(ApiRequest request, ObjectForm form, Strategy strategy) throws IOException {
        String type = PatchTypes.require(request, form.definition());
        var output = request.negotiate(form.offer());
        boolean apply = type.equals(APPLY);
        byte[] body = BodyReader.bytes(request.exchange());
        var options = WriteOptions.parse(request.query(), "PatchOptions", apply);
        var written = apply
                ? apply(request, form, strategy, options, body)
                : patch(request, form, strategy, options, type, body);
        ObjectWriter.object(request, output, written.created() ? 201 : 200, form, written.object());
    }

    private Registry.Written patch(
            ApiRequest request, ObjectForm form, Strategy strategy, WriteOptions options, String type, byte[] body) {
        return update(request, form, strategy, options, live -> {
            // Only who patches what is there learns what is wrong with the patch.
            var patch = Patch.parse(type, body, options.validation());
            var served = form.fromStorage(live.deepCopy());
            var object = patch.apply(served, form.version(), writes.knownKinds(), options.validation(), request::warn);
            var managed = managers.onWrite(form, served, form.defaulted(object), request);
            Identity.requireNamespace(request, form, managed);
            Identity.requireName(request, managed);
            return managed;
        });
    }

    private Registry.Written apply(
            ApiRequest request, ObjectForm form, Strategy strategy, WriteOptions options, byte[] body) {
        try {
            return update(
                    request,
                    form,
                    strategy,
                    options,
                    live -> applied(request, form, form.fromStorage(live.deepCopy()), options, body));
        } catch (StatusException e) {
            if (e.code() != 404 || strategy != form.definition().strategy()) {
                throw e;
            }
        }
        return applyNew(request, form, options, body);
    }

    /** What is there after a configuration was applied to it; the object is the path's. */
    private ObjectNode applied(
            ApiRequest request, ObjectForm form, @Nullable ObjectNode live, WriteOptions options, byte[] body) {
        var configuration = Configuration.parse(body);
        var merged = managers.apply(form, live, configuration.root(), options.force(), request);
        configuration.tellDuplicates(options.validation(), request::warn);
        if (live == null && !ObjectMeta.uid(merged).isEmpty()) {
            throw StatusException.conflict(
                    form.definition().groupResource(),
                    request.info().name(),
                    "uid mismatch: the provided object specified uid " + ObjectMeta.uid(merged)
                            + ", and no existing object was found");
        }
        Identity.requireNamespace(request, form, merged);
        Identity.requireName(request, merged);
        return merged;
    }

    /** Applying what does not exist creates it. */
    private Registry.Written applyNew(ApiRequest request, ObjectForm form, WriteOptions options, byte[] body) {
        var merged = applied(request, form, null, options, body);
        return create.storeManaged(request, form, merged, options, CreateEndpoint.Guards.mayCreate(request, writes));
    }

    /** @param change from the live object in the storage version to the new one in the request's version, managed fields set */
    private Registry.Written update(
            ApiRequest request, ObjectForm form, Strategy strategy, WriteOptions options, Registry.Change change) {
        var admission = writes.admissionRequest(request, form, "UPDATE", null, null, options.dryRun(), "PatchOptions");
        String name = request.info().name();
        return registry.update(
                form.definition(),
                strategy,
                name,
                live -> {
                    var object = form.toStorage(change.apply(live));
                    form.definition().strategy().defaults(object);
                    writes.admission().mutate(admission.with(object, live, name));
                    OwnerReferences.dedup(object, true, request::warn);
                    return object;
                },
                writes.context(request, options.dryRun()),
                (object, old) -> {
                    writes.admission().validate(admission.with(object, old, name));
                    strategy.warnings(object, old).forEach(request::warn);
                });
    }
}
