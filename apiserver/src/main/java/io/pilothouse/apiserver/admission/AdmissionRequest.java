package io.pilothouse.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.request.TimeLimit;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.GroupVersionResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import org.jspecify.annotations.Nullable;

/**
 * A write, as admission sees it.
 *
 * @param operation CREATE, UPDATE, DELETE or CONNECT
 * @param kind of the object: the resource's own in the request's version, or that of what is sent to a subresource
 * @param name as it is known when the request comes; empty while it is to be generated
 * @param object the new object, which mutating plugins change in place; null for a DELETE. One of the resource's own kind is in the storage
 *     version
 * @param old the present object, not to be changed; null for a CREATE
 * @param options the request's options object
 * @param limit how long it may all take
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
        AdmissionNotes notes,
        TimeLimit limit,
        Reinvocation reinvocation) {

    /** Whether it is for a resource, or any of its subresources. */
    public boolean is(String group, String resourceName) {
        return definition.groupResource().group().equals(group)
                && definition.groupResource().resource().equals(resourceName);
    }

    /** Whether it is for a resource itself, not for a subresource. */
    public boolean isWhole(String group, String resourceName) {
        return subresource.isEmpty() && is(group, resourceName);
    }

    public boolean creates() {
        return operation.equals("CREATE");
    }

    public boolean updates() {
        return operation.equals("UPDATE");
    }

    public boolean deletes() {
        return operation.equals("DELETE");
    }

    /** Whether the object is of the resource's own kind. */
    public boolean holdsOwnKind() {
        return definition.versions().stream().anyMatch(v -> v.kind().equals(kind));
    }

    public GroupResource groupResource() {
        return definition.groupResource();
    }

    /** What to throw where the time is over: not a failure of whom it happened to. */
    public static StatusException timeOver() {
        return StatusException.timeout("request did not complete within requested timeout", 0);
    }

    /** A refusal with 403 that names the object. */
    public StatusException forbidden(String why) {
        return StatusException.forbidden(groupResource(), shownName(), why);
    }

    /** The name for error texts: also that of a new object whose name is still to be made. */
    public String shownName() {
        if (!name.isEmpty() || object == null) {
            return name.isEmpty() ? "Unknown" : name;
        }
        if (!ObjectMeta.name(object).isEmpty()) {
            return ObjectMeta.name(object);
        }
        String prefix = ObjectMeta.generateName(object);
        return prefix.isEmpty() ? "Unknown" : prefix;
    }

    /** The same with another state of the object, and nothing seen of it yet. */
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
                notes,
                limit,
                new Reinvocation());
    }

    /** The same for what is sent to a subresource. */
    public AdmissionRequest ofKind(GroupVersionKind sent, @Nullable ObjectNode newObject) {
        return new AdmissionRequest(
                operation,
                definition,
                sent,
                resource,
                subresource,
                namespace,
                name,
                newObject,
                old,
                options,
                user,
                dryRun,
                notes,
                limit,
                new Reinvocation());
    }
}
