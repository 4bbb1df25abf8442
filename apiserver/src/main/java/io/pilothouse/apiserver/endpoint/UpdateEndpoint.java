package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;

/** PUT of a resource or of a view of it (status, finalize, approval). */
final class UpdateEndpoint {
    private final Registry registry;
    private final Writes writes;
    private final FieldManagers managers;
    private final CreateEndpoint create;

    UpdateEndpoint(Registry registry, Writes writes, FieldManagers managers, CreateEndpoint create) {
        this.registry = registry;
        this.writes = writes;
        this.managers = managers;
        this.create = create;
    }

    /** @param strategy the resource's own, or the view's */
    void handle(ApiRequest request, ObjectForm form, Strategy strategy) throws IOException {
        var output = request.negotiate(form.offer());
        var options = WriteOptions.parse(request.query(), "UpdateOptions", false);
        var given = BodyReader.read(request.exchange(), form, writes.knownKinds(), options.validation(), request::warn);
        Identity.requireNamespace(request, form, given);
        Identity.requireName(request, given);
        boolean own = strategy == form.definition().strategy();
        Registry.Written written;
        try {
            OwnerReferences.dedup(given, false, request::warn);
            written = update(request, form, strategy, given, options);
        } catch (StatusException e) {
            if (e.code() != 404 || !own || !form.definition().createOnUpdate() || !isAbsence(e, request)) {
                throw e;
            }
            written = createInstead(request, form, given, options);
        }
        ObjectWriter.object(request, output, written.created() ? 201 : 200, form, written.object());
    }

    private static boolean isAbsence(StatusException e, ApiRequest request) {
        var details = e.status().details();
        return details != null
                && details.name().equals(request.info().name())
                && details.kind().equals(request.info().resource());
    }

    private Registry.Written update(
            ApiRequest request, ObjectForm form, Strategy strategy, ObjectNode given, WriteOptions options) {
        var admission = writes.admissionRequest(request, form, "UPDATE", null, null, options.dryRun(), "UpdateOptions");
        var written = registry.update(
                form.definition(),
                strategy,
                request.info().name(),
                live -> {
                    requireUid(request, form, given, live);
                    var managed = managers.onWrite(
                            form, form.fromStorage(live.deepCopy()), form.defaulted(given.deepCopy()), request);
                    var object = form.toStorage(managed);
                    writes.admission()
                            .mutate(admission.with(object, live, request.info().name()));
                    OwnerReferences.dedup(object, true, request::warn);
                    return object;
                },
                writes.context(request, options.dryRun()),
                (object, old) -> {
                    writes.admission()
                            .validate(admission.with(object, old, request.info().name()));
                    strategy.warnings(object, old).forEach(request::warn);
                });
        return written;
    }

    /** A PUT of an object that names its uid is for that object alone. */
    private static void requireUid(ApiRequest request, ObjectForm form, ObjectNode given, ObjectNode live) {
        String wanted = ObjectMeta.uid(given);
        if (!wanted.isEmpty() && !wanted.equals(ObjectMeta.uid(live))) {
            var info = request.info();
            throw Refusals.uidConflict(form.definition(), info.namespace(), info.name(), wanted, ObjectMeta.uid(live));
        }
    }

    private Registry.Written createInstead(
            ApiRequest request, ObjectForm form, ObjectNode given, WriteOptions options) {
        String uid = ObjectMeta.uid(given);
        if (!uid.isEmpty()) {
            throw Refusals.uidConflict(
                    form.definition(),
                    request.info().namespace(),
                    request.info().name(),
                    uid,
                    "");
        }
        ObjectMeta.setResourceVersion(given, "");
        return create.store(request, form, given, options, CreateEndpoint.Guards.mayCreate(request, writes));
    }
}
