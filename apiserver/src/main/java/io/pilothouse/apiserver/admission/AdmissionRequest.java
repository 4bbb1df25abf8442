package io.pilothouse.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.GroupVersionResource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A write, as admission sees it.
 *
 * @param operation CREATE, UPDATE, DELETE or CONNECT
 * @param object the new object in the storage version, which mutating plugins change in place; null for a DELETE
 * @param old the present object, not to be changed; null for a CREATE
 * @param options the request's options object
 * @param warn takes texts for Warning headers
 */
public record AdmissionRequest(
        String operation,
        ResourceDefinition definition,
        GroupVersionKind kind,
        GroupVersionResource resource,
        String subresource,
        String namespace,
        String name,
        @Nullable ObjectNode object,
        @Nullable ObjectNode old,
        ObjectNode options,
        UserInfo user,
        boolean dryRun,
        Consumer<String> warn) {

    public boolean is(String group, String resourceName) {
        return definition.groupResource().group().equals(group)
                && definition.groupResource().resource().equals(resourceName);
    }

    /** The same for an object of another kind: that of a subresource. */
    public AdmissionRequest ofKind(GroupVersionKind other) {
        return new AdmissionRequest(
                operation,
                definition,
                other,
                resource,
                subresource,
                namespace,
                name,
                object,
                old,
                options,
                user,
                dryRun,
                warn);
    }

    public AdmissionRequest with(@Nullable ObjectNode newObject, @Nullable ObjectNode oldObject, String newName) {
        return new AdmissionRequest(
                operation,
                definition,
                kind,
                resource,
                subresource,
                namespace,
                newName,
                newObject,
                oldObject,
                options,
                user,
                dryRun,
                warn);
    }
}
