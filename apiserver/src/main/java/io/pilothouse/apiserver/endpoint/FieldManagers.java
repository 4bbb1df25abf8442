package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.machinery.apply.FieldSet;
import io.pilothouse.machinery.apply.ManagedFields;
import io.pilothouse.machinery.apply.VersionConverter;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps metadata.managedFields: who set which field, and with which operation. Trees are in the version of the request. */
final class FieldManagers {
    private record Key(ServedVersion version, String subresource) {}

    private final Clock clock;
    // By identity of the version: a changed custom resource brings new ones.
    private final Cache<Key, ManagedFields> managers =
            Caffeine.newBuilder().maximumSize(5_000).build();

    FieldManagers(Clock clock) {
        this.clock = clock;
    }

    /**
     * After an ordinary write: what differs from the live object is the manager's now.
     *
     * @param live the object before, or null for a new one
     * @param object the object after, with defaults
     */
    ObjectNode onWrite(ObjectForm form, @Nullable ObjectNode live, ObjectNode object, ApiRequest request) {
        return of(form, request.info().subresource()).update(live, object, request.fieldManager());
    }

    /**
     * Server-side apply: merges what a manager wants into the live object.
     *
     * @param applied as the client sent it
     * @return the merged object, read and with defaults
     * @throws io.pilothouse.machinery.status.StatusException 409 on conflicts
     */
    ObjectNode apply(
            ObjectForm form, @Nullable ObjectNode live, ObjectNode applied, boolean force, ApiRequest request) {
        var merged = of(form, request.info().subresource()).apply(live, applied, request.fieldManager(), force);
        ObjectNode read;
        try {
            read = form.version().reader().read(new Document(merged, List.of()), FieldValidation.IGNORE, warning -> {});
        } catch (DecodeException e) {
            throw Refusals.fault("failed to convert new typed object (" + ObjectMeta.namespace(applied) + "/"
                    + ObjectMeta.name(applied) + "; " + form.version().kind() + ") to object: " + e.getMessage());
        }
        read.put("kind", form.kind()).put("apiVersion", form.apiVersion());
        return form.defaulted(read);
    }

    private ManagedFields of(ObjectForm form, String subresource) {
        return managers.get(new Key(form.version(), subresource), key -> {
            FieldSet reset =
                    FieldSet.ofFields(form.definition().resetFields(subresource).toArray(String[]::new));
            return new ManagedFields(
                    form.version().kind(), form.version().schema(), subresource, reset, converter(form), clock);
        });
    }

    private static VersionConverter converter(ObjectForm form) {
        var definition = form.definition();
        if (definition.versions().size() == 1) {
            return VersionConverter.NONE;
        }
        return (object, apiVersion) -> definition
                .version(GroupVersion.parse(apiVersion))
                .map(other -> new VersionConverter.Versioned(
                        new ObjectForm(definition, other).fromStorage(form.toStorage(object.deepCopy())),
                        other.schema()))
                .orElse(null);
    }
}
