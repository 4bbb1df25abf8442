package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.List;

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
        var output = request.negotiate(form.offer());
        String type = BodyReader.contentType(request.exchange());
        var accepted = form.definition().custom()
                ? List.of(JSON_PATCH, MERGE_PATCH, APPLY)
                : List.of(JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY);
        if (!accepted.contains(type)) {
            throw StatusException.unsupportedMediaType(accepted);
        }
        boolean apply = type.equals(APPLY);
        var options = WriteOptions.parse(request.query(), "PatchOptions", apply);
        byte[] body = BodyReader.bytes(request.exchange());
        var written = apply
                ? apply(request, form, strategy, options, body)
                : patch(request, form, strategy, options, type, body);
        ObjectWriter.object(request, output, written.created() ? 201 : 200, form, written.object());
    }

    private Registry.Written patch(
            ApiRequest request, ObjectForm form, Strategy strategy, WriteOptions options, String type, byte[] body) {
        var patch = Patch.parse(type, body);
        return update(request, form, strategy, options, live -> {
            var served = form.fromStorage(live.deepCopy());
            var document = new Document(patch.apply(served, form.version().schema()), patch.strictErrors());
            var object = BodyReader.patched(document, body, form.version(), options.validation(), request::warn);
            requireIdentity(request, object, served);
            return managers.onWrite(form, served, form.defaulted(object), request);
        });
    }

    /** A patch may not turn an object into another one. */
    private static void requireIdentity(ApiRequest request, ObjectNode object, ObjectNode live) {
        String name = ObjectMeta.name(object);
        if (!name.equals(ObjectMeta.name(live))) {
            throw StatusException.badRequest(
                    name.isEmpty()
                            ? "name must be provided"
                            : "the name of the object (" + name + ") does not match the name on the URL ("
                                    + request.info().name() + ")");
        }
        if (!ObjectMeta.namespace(object).equals(ObjectMeta.namespace(live))) {
            throw StatusException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private Registry.Written apply(
            ApiRequest request, ObjectForm form, Strategy strategy, WriteOptions options, byte[] body) {
        var document = applied(body);
        // Fields that are not known fail when the managers look at them; here only the text is checked.
        BodyReader.typed(document, body, form.version(), FieldValidation.IGNORE, request::warn);
        tellDuplicates(document, options, request);
        var applied = (ObjectNode) document.root();
        applied.put("kind", form.kind()).put("apiVersion", form.apiVersion());
        CreateEndpoint.requireNamespace(request, form, applied);
        try {
            return update(
                    request,
                    form,
                    strategy,
                    options,
                    live -> managers.apply(form, form.fromStorage(live.deepCopy()), applied, options.force(), request));
        } catch (StatusException e) {
            if (e.code() != 404 || strategy != form.definition().strategy()) {
                throw e;
            }
        }
        return applyNew(request, form, options, applied);
    }

    private static void tellDuplicates(Document document, WriteOptions options, ApiRequest request) {
        if (options.validation() == FieldValidation.STRICT
                && !document.strictErrors().isEmpty()) {
            throw StatusException.badRequest(
                    "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  "
                            + String.join("\n  ", document.strictErrors()));
        }
        if (options.validation() == FieldValidation.WARN) {
            document.strictErrors().forEach(request::warn);
        }
    }

    private static Document applied(byte[] body) {
        try {
            return Yaml.parse(body);
        } catch (DecodeException e) {
            throw StatusException.badRequest("error decoding YAML: " + e.getMessage());
        }
    }

    /** Applying what does not exist creates it. */
    private Registry.Written applyNew(ApiRequest request, ObjectForm form, WriteOptions options, ObjectNode applied) {
        String wanted = request.info().name();
        String name = ObjectMeta.name(applied);
        if (!name.isEmpty() && !name.equals(wanted)) {
            throw StatusException.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + wanted + ")");
        }
        if (!ObjectMeta.uid(applied).isEmpty()) {
            throw StatusException.conflict(
                    form.definition().groupResource(),
                    wanted,
                    "uid mismatch: the provided object specified uid " + ObjectMeta.uid(applied)
                            + ", and no existing object was found");
        }
        var merged = managers.apply(form, null, applied, options.force(), request);
        ObjectMeta.setName(merged, wanted);
        return create.storeManaged(request, form, merged, options);
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
                    return object;
                },
                writes.context(request, options.dryRun()),
                (object, old) -> {
                    writes.admission().validate(admission.with(object, old, name));
                    strategy.warnings(object, old).forEach(request::warn);
                });
    }
}
