package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.negotiation.Offer;
import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.apiserver.registry.Lister;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.apply.FieldSet;
import io.pilothouse.machinery.apply.ManagedFields;
import io.pilothouse.machinery.apply.ScaleManagedFields;
import io.pilothouse.machinery.apply.VersionConverter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;

/** The scale subresource: autoscaling/v1 Scale in front of a kind's own replica count. */
final class ScaleEndpoint {
    private final Registry registry;
    private final Lister lister;
    private final Writes writes;
    private final TypeSchema schema;
    private final ManagedFields managers;

    /** @param schema of autoscaling/v1 Scale */
    ScaleEndpoint(Registry registry, Lister lister, Writes writes, TypeSchema schema, Clock clock) {
        this.registry = registry;
        this.lister = lister;
        this.writes = writes;
        this.schema = schema;
        this.managers = new ManagedFields(
                Subresource.Scale.KIND, schema, "scale", FieldSet.ofFields(), VersionConverter.NONE, clock);
    }

    void handle(ApiRequest request, ObjectForm form, Subresource.Scale subresource) throws IOException {
        var scale = new ScaleForm(subresource.mapping());
        switch (request.info().verb()) {
            case "get" -> {
                var output = request.negotiate(Offer.OBJECT);
                var info = request.info();
                var object = lister.get(form.definition(), info.namespace(), info.name(), "");
                answer(request, output, scale.of(object.open(form.definition())));
            }
            case "update" -> put(request, form, scale);
            case "patch" -> patch(request, form, scale);
            default ->
                throw StatusException.methodNotSupported(
                        form.definition().groupResource(), request.info().verb());
        }
    }

    private void answer(ApiRequest request, Output output, ObjectNode scale) throws IOException {
        ObjectWriter.single(request, output, ScaleForm.columns(), scale, schema);
    }

    private void put(ApiRequest request, ObjectForm form, ScaleForm scale) throws IOException {
        var output = request.negotiate(Offer.OBJECT);
        var options = WriteOptions.parse(request.query(), "UpdateOptions", false);
        var given = BodyReader.read(
                request.exchange(), Subresource.Scale.KIND, schema, options.validation(), request::warn);
        Identity.requireNamespace(request, form, given);
        Identity.requireName(request, given);
        var written = write(request, form, scale, options.dryRun(), "UpdateOptions", current -> {
            String uid = ObjectMeta.uid(given);
            if (!uid.isEmpty() && !uid.equals(ObjectMeta.uid(current))) {
                var info = request.info();
                throw Refusals.uidConflict(
                        form.definition(), info.namespace(), info.name(), uid, ObjectMeta.uid(current));
            }
            return managers.update(current, given, request.fieldManager());
        });
        answer(request, output, written);
    }

    private void patch(ApiRequest request, ObjectForm form, ScaleForm scale) throws IOException {
        String type = PatchTypes.require(request, form.definition());
        var output = request.negotiate(Offer.OBJECT);
        boolean apply = type.equals(PatchEndpoint.APPLY);
        byte[] body = BodyReader.bytes(request.exchange());
        var options = WriteOptions.parse(request.query(), "PatchOptions", apply);
        var written = write(request, form, scale, options.dryRun(), "PatchOptions", current -> {
            var changed = apply
                    ? applied(request, current, options, body)
                    : managers.update(current, patched(request, current, options, type, body), request.fieldManager());
            Identity.requireNamespace(request, form, changed);
            Identity.requireName(request, changed);
            return changed;
        });
        answer(request, output, written);
    }

    private ObjectNode applied(ApiRequest request, ObjectNode current, WriteOptions options, byte[] body) {
        var configuration = Configuration.parse(body);
        var merged = managers.apply(current, configuration.root(), request.fieldManager(), options.force());
        configuration.tellDuplicates(options.validation(), request::warn);
        return merged;
    }

    private ObjectNode patched(ApiRequest request, ObjectNode current, WriteOptions options, String type, byte[] body) {
        return Patch.parse(type, body, options.validation())
                .apply(
                        current,
                        ServedVersion.same(Subresource.Scale.KIND, schema),
                        writes.knownKinds(),
                        options.validation(),
                        request::warn);
    }

    /** Makes the new Scale of the present one, with its managed fields. */
    private interface ScaleChange {
        ObjectNode apply(ObjectNode current);
    }

    private ObjectNode write(
            ApiRequest request,
            ObjectForm form,
            ScaleForm scale,
            boolean dryRun,
            String optionsKind,
            ScaleChange change) {
        String name = request.info().name();
        var owners = owners(form, scale);
        var admission = writes.admissionRequest(request, form, "UPDATE", null, null, dryRun, optionsKind)
                .ofKind(Subresource.Scale.KIND, null);
        var written = registry.update(
                form.definition(),
                form.definition().strategy(),
                name,
                live -> {
                    var old = scale.of(live);
                    owners.toScale(live, old);
                    var changed = change.apply(old.deepCopy());
                    writes.admission().mutate(admission.with(changed, scale.of(live), name));
                    long replicas = ScaleForm.replicas(changed);
                    requireNotNegative(form, name, replicas);
                    var object = live.deepCopy();
                    scale.setReplicas(object, replicas);
                    String version = ObjectMeta.resourceVersion(changed);
                    if (!version.isEmpty()) {
                        ObjectMeta.setResourceVersion(object, version);
                    }
                    owners.toParent(changed, object);
                    return object;
                },
                writes.context(request, dryRun),
                (object, old) -> writes.admission().validate(admission.with(scale.of(object), scale.of(old), name)));
        return scale.of(written.object().open(form.definition()));
    }

    private static ScaleManagedFields owners(ObjectForm form, ScaleForm scale) {
        var paths = new HashMap<String, String>();
        for (var version : form.definition().versions()) {
            paths.put(version.kind().apiVersion(), scale.mapping().specReplicas());
        }
        return new ScaleManagedFields(form.apiVersion(), paths);
    }

    private static void requireNotNegative(ObjectForm form, String name, long replicas) {
        if (replicas < 0 && !form.definition().custom()) {
            throw StatusException.invalid(
                    new GroupKind("autoscaling", "Scale"),
                    name,
                    List.of(FieldError.invalid(
                            FieldPath.of("spec", "replicas"), replicas, "must be greater than or equal to 0")));
        }
    }
}
