package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;

/** That an object is the one its path says. */
final class Identity {
    private Identity() {}

    /** The namespace of the path is the object's; another one in the body is refused with a 400. */
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

    /** @throws StatusException 400 for another name than the path's, or none */
    static void requireName(ApiRequest request, ObjectNode object) {
        String wanted = request.info().name();
        String name = ObjectMeta.name(object);
        if (name.isEmpty()) {
            throw StatusException.badRequest(
                    "the name of the object (" + wanted + " based on URL) was undeterminable: name must be provided");
        }
        if (!name.equals(wanted)) {
            throw StatusException.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + wanted + ")");
        }
    }
}
