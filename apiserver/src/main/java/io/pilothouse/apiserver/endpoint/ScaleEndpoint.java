package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.negotiation.Offer;
import io.pilothouse.apiserver.registry.Lister;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.List;

/** The scale subresource: autoscaling/v1 Scale in front of a kind's own replica count. */
final class ScaleEndpoint {
    private final Registry registry;
    private final Lister lister;
    private final Writes writes;
    private final FieldManagers managers;
    private final TypeSchema schema;

    /** @param schema of autoscaling/v1 Scale */
    ScaleEndpoint(Registry registry, Lister lister, Writes writes, FieldManagers managers, TypeSchema schema) {
        this.registry = registry;
        this.lister = lister;
        this.writes = writes;
        this.managers = managers;
        this.schema = schema;
    }

    void handle(ApiRequest request, ObjectForm form, Subresource.Scale scale) throws IOException {
        var output = request.negotiate(Offer.ANSWER);
        ObjectNode result = switch (request.info().verb()) {
            case "get" -> {
                var object = lister.get(
                        form.definition(),
                        request.info().namespace(),
                        request.info().name(),
                        "");
                yield scaleOf(object.open(form.definition()), scale.mapping());
            }
            case "update" -> put(request, form, scale.mapping());
            case "patch" -> patch(request, form, scale.mapping());
            default ->
                throw StatusException.methodNotSupported(
                        form.definition().groupResource(), request.info().verb());
        };
        ObjectWriter.tree(request, output, 200, result, schema);
    }

    private ObjectNode put(ApiRequest request, ObjectForm form, ScaleMapping mapping) throws IOException {
        var options = WriteOptions.parse(request.query(), "UpdateOptions", false);
        var given = BodyReader.read(
                request.exchange(), Subresource.Scale.KIND, schema, options.validation(), request::warn);
        if (!ObjectMeta.name(given).equals(request.info().name())) {
            throw StatusException.badRequest(
                    ObjectMeta.name(given).isEmpty()
                            ? "name must be provided"
                            : "the name of the object (" + ObjectMeta.name(given)
                                    + ") does not match the name on the URL ("
                                    + request.info().name() + ")");
        }
        return write(request, form, mapping, options.dryRun(), "UpdateOptions", current -> given);
    }

    private ObjectNode patch(ApiRequest request, ObjectForm form, ScaleMapping mapping) throws IOException {
        String type = BodyReader.contentType(request.exchange());
        var accepted = List.of(PatchEndpoint.JSON_PATCH, PatchEndpoint.MERGE_PATCH, PatchEndpoint.STRATEGIC_PATCH);
        if (!accepted.contains(type)) {
            throw StatusException.unsupportedMediaType(accepted);
        }
        var options = WriteOptions.parse(request.query(), "PatchOptions", false);
        byte[] body = BodyReader.bytes(request.exchange());
        var patch = Patch.parse(type, body);
        return write(request, form, mapping, options.dryRun(), "PatchOptions", current -> {
            var document = new Document(patch.apply(current, schema), patch.strictErrors());
            return BodyReader.typed(
                    document,
                    body,
                    ServedVersion.same(Subresource.Scale.KIND, schema),
                    options.validation(),
                    request::warn);
        });
    }

    /** Makes the new Scale of the present one. */
    private interface ScaleChange {
        ObjectNode apply(ObjectNode current);
    }

    private ObjectNode write(
            ApiRequest request,
            ObjectForm form,
            ScaleMapping mapping,
            boolean dryRun,
            String optionsKind,
            ScaleChange change) {
        String name = request.info().name();
        var admission = writes.admissionRequest(request, form, "UPDATE", null, null, dryRun, optionsKind);
        var written = registry.update(
                form.definition(),
                form.definition().strategy(),
                name,
                live -> {
                    var scale = change.apply(scaleOf(live, mapping));
                    long replicas = scale.path("spec").path("replicas").asLong(0);
                    if (replicas < 0 && !form.definition().custom()) {
                        throw StatusException.invalid(
                                new GroupKind("autoscaling", "Scale"),
                                name,
                                List.of(FieldError.invalid(
                                        FieldPath.of("spec", "replicas"),
                                        replicas,
                                        "must be greater than or equal to 0")));
                    }
                    var object = live.deepCopy();
                    setReplicas(object, mapping.specReplicas(), replicas);
                    String revision = ObjectMeta.resourceVersion(scale);
                    if (!revision.isEmpty()) {
                        ObjectMeta.setResourceVersion(object, revision);
                    }
                    var managed = managers.onScale(form, live, object, request);
                    writes.admission().mutate(admission.with(managed, live, name));
                    return managed;
                },
                writes.context(request, dryRun),
                (object, old) -> writes.admission().validate(admission.with(object, old, name)));
        return scaleOf(written.object().toNode(form.definition().kind()), mapping);
    }

    private static void setReplicas(ObjectNode object, String path, long replicas) {
        var steps = path.split("\\.", -1);
        var node = object;
        for (int i = 0; i < steps.length - 1; i++) {
            node = node.withObjectProperty(steps[i]);
        }
        node.put(steps[steps.length - 1], replicas);
    }

    private static ObjectNode scaleOf(ObjectNode object, ScaleMapping mapping) {
        var scale = JsonNodeFactory.instance.objectNode().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        var metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            var value = object.path("metadata").get(field);
            if (value != null) {
                metadata.set(field, value);
            }
        }
        long wanted = at(object, mapping.specReplicas());
        var spec = scale.putObject("spec");
        if (wanted != 0) {
            spec.put("replicas", wanted);
        }
        var status = scale.putObject("status");
        status.put("replicas", at(object, mapping.statusReplicas()));
        String selector = mapping.selector().apply(object);
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    private static long at(ObjectNode object, String path) {
        JsonNode node = object;
        for (String step : path.split("\\.", -1)) {
            node = node.path(step);
        }
        return node.asLong(0);
    }
}
