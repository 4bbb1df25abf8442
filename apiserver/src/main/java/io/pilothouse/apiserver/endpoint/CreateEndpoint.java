package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
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
        var object = BodyReader.read(request.exchange(), form, options.validation(), request::warn);
        requireNamespace(request, form, object);
        if (!ObjectMeta.resourceVersion(object).isEmpty()
                && !ObjectMeta.resourceVersion(object).equals("0")) {
            throw StatusException.internalError("resourceVersion should not be set on objects to be created");
        }
        var written = store(request, form, object, options);
        ObjectWriter.object(request, output, 201, form, written.object());
    }

    /** Takes a new object in the request's version through admission into storage. */
    Registry.Written store(ApiRequest request, ObjectForm form, ObjectNode given, WriteOptions options) {
        var metadata = ObjectMeta.ensure(given);
        for (String serverOwned :
                List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion")) {
            metadata.remove(serverOwned);
        }
        return storeManaged(request, form, managers.onWrite(form, null, form.defaulted(given), request), options);
    }

    /** The same for an object whose managed fields are set. */
    Registry.Written storeManaged(ApiRequest request, ObjectForm form, ObjectNode managed, WriteOptions options) {
        var strategy = form.definition().strategy();
        var object = form.toStorage(managed);
        strategy.defaults(object);
        var admission = writes.admissionRequest(
                        request, form, "CREATE", object, null, options.dryRun(), "CreateOptions")
                .with(object, null, ObjectMeta.name(object));
        writes.admission().mutate(admission);
        var written = registry.create(
                form.definition(),
                object,
                writes.context(request, options.dryRun()),
                made -> writes.admission().validate(admission.with(made, null, ObjectMeta.name(made))));
        strategy.warnings(object, null).forEach(request::warn);
        return written;
    }

    /** The namespace of the path is the object's; another one in the body is refused. */
    static void requireNamespace(ApiRequest request, ObjectForm form, ObjectNode object) {
        String wanted = form.definition().namespaced() ? request.info().namespace() : "";
        String given = ObjectMeta.namespace(object);
        if (given.isEmpty() || !form.definition().namespaced()) {
            ObjectMeta.setNamespace(object, wanted);
        } else if (!given.equals(wanted)) {
            throw StatusException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }
}
