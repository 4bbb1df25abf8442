package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.request.GoNumbers;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;

/** Which state of an object a client means when it changes or deletes it. */
public final class Preconditions {
    private Preconditions() {}

    /** @throws StatusException 409 where the object has moved on, 422 where the client must say of which state it speaks */
    static void requireRevision(ResourceDefinition definition, ObjectNode object, StoredObject live) {
        String wanted = ObjectMeta.resourceVersion(object);
        if (wanted.isEmpty() || wanted.equals("0")) {
            if (!definition.unconditionalUpdate()) {
                // Upstream names the resource, not the kind, here.
                throw StatusException.invalid(
                        new GroupKind(definition.groupResource().group(), definition.plural()),
                        live.name(),
                        List.of(FieldError.invalid(
                                FieldPath.of("metadata", "resourceVersion"), 0, "must be specified for an update")));
            }
            return;
        }
        long revision;
        try {
            revision = Long.parseUnsignedLong(wanted);
        } catch (NumberFormatException e) {
            throw Refusals.fault(GoNumbers.parseUintError(wanted));
        }
        if (revision != live.revision()) {
            throw StatusException.conflict(
                    definition.groupResource(),
                    live.name(),
                    "the object has been modified; please apply your changes to the latest version and try again");
        }
    }

    /** @throws StatusException 409 where an object is not the one that is to be deleted */
    public static void requireDeletable(
            ResourceDefinition definition, String name, String uid, String revision, DeleteOptions options) {
        if (options.uid() != null && !options.uid().equals(uid)) {
            throw StatusException.conflict(
                    kindOf(definition),
                    name,
                    "the UID in the precondition (" + options.uid() + ") does not match the UID in record (" + uid
                            + "). The object might have been deleted and then recreated");
        }
        if (options.resourceVersion() != null && !options.resourceVersion().equals(revision)) {
            throw StatusException.conflict(
                    kindOf(definition),
                    name,
                    "the ResourceVersion in the precondition (" + options.resourceVersion()
                            + ") does not match the ResourceVersion in record (" + revision
                            + "). The object might have been modified");
        }
    }

    /** Upstream names the kind, not the resource, where a deletion's precondition fails. */
    private static GroupResource kindOf(ResourceDefinition definition) {
        return new GroupResource(definition.groupResource().group(), definition.kind());
    }
}
