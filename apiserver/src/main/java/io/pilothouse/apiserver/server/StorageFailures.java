package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.StorageException;

/** What clients are told where etcd refuses or fails. */
final class StorageFailures {
    private static final int RETRY_SECONDS = 1;

    private StorageFailures() {}

    static StatusException toStatus(StorageException failure, RequestInfo info) {
        var resource = new GroupResource(info.group(), info.resource());
        return switch (failure) {
            case StorageException.KeyExists exists -> StatusException.alreadyExists(resource, info.name());
            case StorageException.KeyNotFound gone -> StatusException.notFound(resource, info.name());
            case StorageException.RevisionConflict conflict ->
                StatusException.conflict(
                        resource,
                        info.name(),
                        "the object has been modified; please apply your changes to the latest version and try again");
            case StorageException.Compacted compacted ->
                StatusException.resourceExpired("The resourceVersion for the provided list is too old.");
            case StorageException.FutureRevision future ->
                StatusException.timeout("Too large resource version", RETRY_SECONDS);
            case StorageException.Timeout slow -> StatusException.serverTimeout(resource, info.verb(), RETRY_SECONDS);
            case StorageException.TooLarge large ->
                // What etcd says reaches the client as it is.
                Refusals.fault("etcdserver: request is too large");
            case StorageException.Unavailable down ->
                StatusException.serviceUnavailable(
                        "etcd is not available: the request was not carried out, or it is not known whether it was");
            case StorageException.LeaseNotFound lease ->
                StatusException.serverTimeout(resource, info.verb(), RETRY_SECONDS);
            case StorageException.Failed failed -> StatusException.internalError("etcd failed");
        };
    }
}
