package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.apply.FieldSet;
import io.pilothouse.machinery.apply.ManagedFields;
import io.pilothouse.machinery.apply.VersionConverter;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.time.Clock;
import java.util.function.Predicate;

/** Writes the status of CustomResourceDefinitions as the server itself, and sees to custom objects on its behalf. */
final class DefinitionStatus {
    private static final UserInfo SERVER = UserInfo.of("system:apiserver", UserInfo.SUPERUSERS);
    private static final String MANAGER = "kube-apiserver";

    private final Registry registry;
    private final ResourceDefinition definitions;
    private final Subresource.ViewStrategy view;
    private final ManagedFields managers;
    private final Clock clock;

    DefinitionStatus(Registry registry, ResourceDefinition definitions, Clock clock) {
        this.registry = registry;
        this.definitions = definitions;
        this.clock = clock;
        this.view = definitions
                .subresource("status")
                .filter(Subresource.View.class::isInstance)
                .map(Subresource.View.class::cast)
                .map(Subresource.View::strategy)
                .orElseThrow();
        var version = definitions.storageVersion();
        this.managers = new ManagedFields(
                version.kind(),
                version.schema(),
                "status",
                FieldSet.ofFields("metadata", "spec"),
                VersionConverter.NONE,
                clock);
    }

    /**
     * Changes a definition's status and metadata.
     *
     * @param seen the definition as it was read; one that was changed since is left alone: whoever changed it makes us look again
     * @param change answers false to leave it as it is
     */
    void write(ObjectNode seen, Predicate<ObjectNode> change) {
        try {
            registry.update(
                    definitions,
                    view,
                    ObjectMeta.name(seen),
                    live -> {
                        if (!ObjectMeta.resourceVersion(live).equals(ObjectMeta.resourceVersion(seen))) {
                            throw StatusException.conflict(
                                    definitions.groupResource(), ObjectMeta.name(seen), "it was changed since");
                        }
                        var changed = live.deepCopy();
                        return change.test(changed) ? managers.update(live, changed, MANAGER) : live;
                    },
                    context(""),
                    (object, old) -> {});
        } catch (StatusException e) {
            if (e.code() != 404 && e.code() != 409) {
                throw e;
            }
        }
    }

    WriteContext context(String namespace) {
        return new WriteContext(SERVER, namespace, "status", false, clock.instant(), registry);
    }

    Clock clock() {
        return clock;
    }
}
