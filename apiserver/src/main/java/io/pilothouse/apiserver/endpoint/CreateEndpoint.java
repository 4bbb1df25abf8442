package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.io.IOException;
import java.util.List;

/** POST of a resource. */
final class CreateEndpoint {
    private final Registry registry;
    private final Writes writes;
    private final FieldManagers managers;

    CreateEndpoint(Registry registry, Writes writes, FieldManagers managers) {
        this.registry = registry;
        this.writes = writes;
        this.managers = managers;
    }

    void handle(ApiRequest request, ObjectForm form) throws IOException {
        var output = request.negotiate(form.offer());
        var options = WriteOptions.parse(request.query(), "CreateOptions", false);
        var object =
                BodyReader.read(request.exchange(), form, writes.knownKinds(), options.validation(), request::warn);
        Identity.requireNamespace(request, form, object);
        String version = ObjectMeta.resourceVersion(object);
        var guards = new Guards(() -> {}, () -> {
            if (!options.dryRun() && isRevision(version)) {
                throw Refusals.fault("resourceVersion should not be set on objects to be created");
            }
        });
        var written = store(request, form, object, options, guards);
        ObjectWriter.object(request, output, 201, form, written.object());
    }

    /** What is no number is no revision, and is passed over. */
    private static boolean isRevision(String version) {
        if (version.isEmpty()) {
            return false; // nearly always, and to throw for it is dear
        }
        try {
            return Long.parseUnsignedLong(version) != 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** What else is asked before an object is made; each throws to refuse. */
    record Guards(Runnable beforeAdmission, Runnable beforeStorage) {
        /** For a request that changes an object, or makes it where there is none: that it may make it. */
        static Guards mayCreate(ApiRequest request, Writes writes) {
            return new Guards(() -> writes.requireCreate(request), () -> {});
        }
    }

    /** Takes a new object in the request's version through admission into storage. */
    Registry.Written store(ApiRequest request, ObjectForm form, ObjectNode given, WriteOptions options, Guards guards) {
        var metadata = ObjectMeta.ensure(given);
        for (String serverOwned :
                List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion")) {
            metadata.remove(serverOwned);
        }
        OwnerReferences.dedup(given, false, request::warn);
        return storeManaged(
                request, form, managers.onWrite(form, null, form.defaulted(given), request), options, guards);
    }

    /** The same for an object with defaults, whose managed fields are set. */
    Registry.Written storeManaged(
            ApiRequest request, ObjectForm form, ObjectNode managed, WriteOptions options, Guards guards) {
        var strategy = form.definition().strategy();
        var object = form.toStorage(managed);
        if (!form.version().equals(form.definition().storageVersion())) {
            strategy.defaults(object); // of what the request's version does not have
        }
        var admission = writes.admissionRequest(
                        request, form, "CREATE", object, null, options.dryRun(), "CreateOptions")
                .with(object, null, ObjectMeta.name(object));
        writes.admission().mutate(admission);
        OwnerReferences.dedup(object, true, request::warn);
        var written = registry.create(form.definition(), object, writes.context(request, options.dryRun()), made -> {
            guards.beforeAdmission().run();
            writes.admission().validate(admission.with(made, null, admission.name()));
            guards.beforeStorage().run();
        });
        strategy.warnings(object, null).forEach(request::warn);
        return written;
    }
}
