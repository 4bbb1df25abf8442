package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.negotiation.Offer;
import io.pilothouse.apiserver.registry.ListOptions;
import io.pilothouse.apiserver.registry.Lister;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.Status;
import java.io.IOException;
import java.util.List;

/** Reading and answering for what is asked for with a kind of its own: reviews, tokens, bindings, evictions. */
public final class ActionSupport {
    private ActionSupport() {}

    /** The body as an object of a kind, checked and with its strict errors told as warnings. */
    public static ObjectNode read(ApiRequest request, GroupVersionKind kind, TypeSchema schema) throws IOException {
        var options = WriteOptions.parse(request.query(), "CreateOptions", false);
        return BodyReader.read(request.exchange(), kind, schema, options.validation(), request::warn);
    }

    /** The same of one of several kinds that have one schema; the first is taken where the body does not say. */
    public static ObjectNode read(ApiRequest request, List<GroupVersionKind> kinds, TypeSchema schema)
            throws IOException {
        var options = WriteOptions.parse(request.query(), "CreateOptions", false);
        return BodyReader.read(request.exchange(), kinds, schema, options.validation(), request::warn);
    }

    public static boolean dryRun(ApiRequest request) {
        return WriteOptions.parse(request.query(), "CreateOptions", false).dryRun();
    }

    public static void respond(ApiRequest request, int status, ObjectNode object, TypeSchema schema)
            throws IOException {
        ObjectWriter.tree(request, request.negotiate(Offer.ANSWER), status, object, schema);
    }

    /** Answers with an object of a resource that is not stored, as with one that is. */
    public static void respondObject(
            ApiRequest request, ResourceDefinition definition, ServedVersion version, ObjectNode object)
            throws IOException {
        var form = new ObjectForm(definition, version);
        var output = request.negotiate(form.offer());
        ObjectWriter.object(request, output, 200, form, StoredObject.uncommitted(object, definition));
    }

    /** Answers with a list of such objects: those that the request selects. */
    public static void respondList(
            ApiRequest request, ResourceDefinition definition, ServedVersion version, List<ObjectNode> objects)
            throws IOException {
        var form = new ObjectForm(definition, version);
        var output = request.negotiate(form.listOffer());
        var options = FieldSelectors.resolve(form, ListOptions.parse(request.query()));
        var selected = objects.stream()
                .map(object -> StoredObject.uncommitted(object, definition))
                .filter(object -> options.selects(object, definition))
                .toList();
        ObjectWriter.list(request, output, form, new Lister.Page(selected, 0, "", null));
    }

    /** Answers with a Status that says yes. */
    public static void success(ApiRequest request, int code) throws IOException {
        answer(request, code, new Status("Success", "", "", null, code));
    }

    /** Answers with a Status, whatever code stands in it. */
    public static void answer(ApiRequest request, int code, Status status) throws IOException {
        StatusWriter.write(request, code, status);
    }
}
