package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Strategy;
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
        var given = BodyReader.read(request.exchange(), form, options.validation(), request::warn);
        CreateEndpoint.requireNamespace(request, form, given);
        requireName(request, given);
        boolean own = strategy == form.definition().strategy();
        Registry.Written written;
        try {
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

    private static void requireName(ApiRequest request, ObjectNode given) {
        String wanted = request.info().name();
        String name = ObjectMeta.name(given);
        if (!name.equals(wanted)) {
            throw StatusException.badRequest(
                    name.isEmpty()
                            ? "name must be provided"
                            : "the name of the object (" + name + ") does not match the name on the URL (" + wanted
                                    + ")");
        }
    }

    private Registry.Written update(
            ApiRequest request, ObjectForm form, Strategy strategy, ObjectNode given, WriteOptions options) {
        var admission = writes.admissionRequest(request, form, "UPDATE", null, null, options.dryRun(), "UpdateOptions");
        var written = registry.update(
                form.definition(),
                strategy,
                request.info().name(),
                live -> {
                    var managed = managers.onWrite(
                            form, form.fromStorage(live.deepCopy()), form.defaulted(given.deepCopy()), request);
                    var object = form.toStorage(managed);
                    writes.admission()
                            .mutate(admission.with(object, live, request.info().name()));
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

    private Registry.Written createInstead(
            ApiRequest request, ObjectForm form, ObjectNode given, WriteOptions options) {
        String uid = ObjectMeta.uid(given);
        if (!uid.isEmpty()) {
            throw StatusException.conflict(
                    form.definition().groupResource(),
                    request.info().name(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: ");
        }
        ObjectMeta.setResourceVersion(given, "");
        return create.store(request, form, given, options);
    }
}
