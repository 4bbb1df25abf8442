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

    /** 410: the state that a list is to show is gone. */
    static StatusException listExpired() {
        return StatusException.resourceExpired("The resourceVersion for the provided list is too old.");
    }

    /** 410: the state that a list went on from is gone; it can go on in the present one. */
    static StatusException continueExpired(ContinueToken token) {
        return new StatusException(new Status(
                "Failure",
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the"
                        + " continue parameter, or use the continue token in this response to retrieve the remainder of the results."
                        + " Continuing with the provided token results in an inconsistent list - objects that were created, modified, or"
                        + " deleted between the time the first chunk was returned and now may show up in the list.",
                "Expired",
                null,
                410,
                new ContinueToken(-1, token.start()).encode()));
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
