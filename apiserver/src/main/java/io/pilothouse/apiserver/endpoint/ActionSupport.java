package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.negotiation.Offer;
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

    /** Answers with a Status that says yes. */
    public static void success(ApiRequest request, int code) throws IOException {
        StatusWriter.write(request, code, new Status("Success", "", "", null, code));
    }
}
