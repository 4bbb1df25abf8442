package io.pilothouse.apiserver.registry;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;

/** Answers that only the API server gives, in upstream's words. */
public final class Refusals {
    private Refusals() {}

    /** 409: the name is still held by an object on its way out. */
    static StatusException existsTerminating(GroupResource resource, String name) {
        return new StatusException(Status.failure(
                409,
                "AlreadyExists",
                "object is being deleted: " + resource + " \"" + name + "\" already exists",
                Status.Details.of(resource.group(), resource.resource(), name)));
    }

    /** 410: the snapshot that a list went on from is gone. */
    static StatusException continueExpired(String message) {
        return new StatusException(Status.failure(410, "Expired", message, Status.Details.NONE));
    }

    /** 409: the object with this name is not the one that the client means. */
    public static StatusException uidConflict(
            ResourceDefinition definition, String namespace, String name, String wanted, String uid) {
        return StatusException.conflict(
                definition.groupResource(),
                name,
                "StorageError: invalid object, Code: 4, Key: " + definition.key(namespace, name)
                        + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
                        + wanted
                        + ", UID in object meta: " + uid);
    }

    /** 500 with no reason: what upstream does not expect to go wrong, and tells as it comes. */
    public static StatusException fault(String message) {
        return StatusException.of(500, "", message);
    }

    /** 422 with no causes: a patch that does not fit its object. */
    public static StatusException unprocessable(String message) {
        return new StatusException(Status.failure(422, "Invalid", message, Status.Details.NONE));
    }

    /** 405: the resource has not this verb. */
    public static StatusException methodNotAllowed() {
        return new StatusException(Status.failure(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                Status.Details.NONE));
    }

    /** 404: the path names nothing that is served. */
    public static StatusException noSuchResource() {
        return new StatusException(Status.failure(
                404, "NotFound", "the server could not find the requested resource", Status.Details.NONE));
    }
}
