package io.pilothouse.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.apply.FieldSet;
import io.pilothouse.machinery.apply.ManagedFields;
import io.pilothouse.machinery.apply.VersionConverter;
import io.pilothouse.machinery.codec.TypedReader;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the server itself writes: past admission, as the manager kube-apiserver. Safe for use by many threads. */
public final class OwnWrites {
    private static final UserInfo SELF = UserInfo.of("system:apiserver", UserInfo.SUPERUSERS);
    private static final String MANAGER = "kube-apiserver";

    private final Registry registry;
    private final ResourceIndex resources;
    private final Clock clock;
    private final String manager;

    public OwnWrites(Registry registry, ResourceIndex resources, Clock clock) {
        this(registry, resources, clock, MANAGER);
    }

    private OwnWrites(Registry registry, ResourceIndex resources, Clock clock, String manager) {
        this.registry = registry;
        this.resources = resources;
        this.clock = clock;
        this.manager = manager;
    }

    /** The same by another manager. */
    public OwnWrites as(String other) {
        return new OwnWrites(registry, resources, clock, other);
    }

    public Optional<ObjectNode> find(GroupResource resource, String namespace, String name) {
        return registry.find(resource, namespace, name);
    }

    /**
     * Makes an object.
     *
     * @return false if it is there
     */
    public boolean create(GroupResource resource, ObjectNode wanted) {
        String namespace = ObjectMeta.namespace(wanted);
        if (registry.find(resource, namespace, ObjectMeta.name(wanted)).isPresent()) {
            return false;
        }
        var definition = definition(resource);
        var object = wanted.deepCopy();
        definition.strategy().defaults(object);
        try {
            registry.create(definition, managed(definition, null, object, ""), context(namespace), made -> {});
            return true;
        } catch (StatusException e) {
            if (e.code() == 409) {
                return false;
            }
            throw e;
        }
    }

    /** Changes an object that is there, whatever its revision. */
    public void update(GroupResource resource, String namespace, String name, UnaryOperator<ObjectNode> change) {
        var definition = definition(resource);
        registry.update(
                definition,
                definition.strategy(),
                name,
                live -> {
                    var before = live.deepCopy();
                    return managed(definition, before, change.apply(live), "");
                },
                context(namespace),
                (object, old) -> {});
    }

    /** Applies a status to an object, if it is there: the manager owns what it applied, by force. */
    public void applyStatus(GroupResource resource, String name, ObjectNode status) {
        var definition = definition(resource);
        var version = definition.storageVersion();
        var view = (Subresource.View) definition.subresource("status").orElseThrow();
        var applied = status.objectNode()
                .put("kind", version.kind().kind())
                .put("apiVersion", version.kind().apiVersion());
        applied.putObject("metadata").put("name", name);
        applied.set("status", status);
        var managers = new ManagedFields(
                version.kind(),
                version.schema(),
                "status",
                FieldSet.ofFields(definition.resetFields("status").toArray(String[]::new)),
                VersionConverter.NONE,
                clock);
        try {
            registry.update(
                    definition,
                    view.strategy(),
                    name,
                    live -> {
                        var merged = TypedReader.read(
                                managers.apply(live, applied.deepCopy(), manager, true), version.schema());
                        return merged.put("kind", version.kind().kind())
                                .put("apiVersion", version.kind().apiVersion());
                    },
                    context(""),
                    (object, old) -> {});
        } catch (StatusException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    /** Changes the status of a cluster-scoped object, if it is there. */
    public void updateStatus(GroupResource resource, String name, UnaryOperator<ObjectNode> change) {
        var definition = definition(resource);
        var version = definition.storageVersion();
        var view = (Subresource.View) definition.subresource("status").orElseThrow();
        var managers = new ManagedFields(
                version.kind(),
                version.schema(),
                "status",
                FieldSet.ofFields(definition.resetFields("status").toArray(String[]::new)),
                VersionConverter.NONE,
                clock);
        try {
            registry.update(
                    definition,
                    view.strategy(),
                    name,
                    live -> {
                        var before = live.deepCopy();
                        return managers.update(before, change.apply(live), manager);
                    },
                    context(""),
                    (object, old) -> {});
        } catch (StatusException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    /** The objects of a cluster-scoped resource. */
    public List<ObjectNode> list(GroupResource resource) {
        return registry.list(resource, "");
    }

    public Instant now() {
        return clock.instant();
    }

    /** Removes an object, if it is there. */
    public void delete(GroupResource resource, String namespace, String name) {
        try {
            registry.delete(definition(resource), name, DeleteOptions.DEFAULT, context(namespace), gone -> {});
        } catch (StatusException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    private ObjectNode managed(
            ResourceDefinition definition, @Nullable ObjectNode live, ObjectNode object, String subresource) {
        var version = definition.storageVersion();
        var reset = definition.separateStatus() ? FieldSet.ofFields("status") : FieldSet.ofFields();
        return new ManagedFields(version.kind(), version.schema(), subresource, reset, VersionConverter.NONE, clock)
                .update(live, object, manager);
    }

    private ResourceDefinition definition(GroupResource resource) {
        return resources.find(resource).orElseThrow();
    }

    private WriteContext context(String namespace) {
        return new WriteContext(SELF, namespace, "", false, clock.instant(), registry);
    }
}
