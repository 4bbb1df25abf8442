package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.apply.FieldSet;
import io.pilothouse.machinery.apply.ManagedFields;
import io.pilothouse.machinery.apply.VersionConverter;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.time.Clock;
import java.util.function.Consumer;

/** Objects that are posted to be answered, not to be kept: read like those that are, with managed fields, and admitted like them. */
public final class Submissions {
    private final ActionAdmission admission;
    private final Clock clock;

    public Submissions(ActionAdmission admission, Clock clock) {
        this.admission = admission;
        this.clock = clock;
    }

    /** The object of the body, in the namespace of the path. */
    public ObjectNode read(ApiRequest request, ResourceDefinition definition, GroupVersionKind kind, TypeSchema schema)
            throws IOException {
        return read(request, definition, kind, schema, object -> {});
    }

    /** @param defaults fills what the client left out */
    public ObjectNode read(
            ApiRequest request,
            ResourceDefinition definition,
            GroupVersionKind kind,
            TypeSchema schema,
            Consumer<ObjectNode> defaults)
            throws IOException {
        var object = ActionSupport.read(request, kind, schema);
        boolean namespaced = definition.namespaced();
        String wanted = namespaced ? request.info().namespace() : "";
        if (namespaced
                && !ObjectMeta.namespace(object).isEmpty()
                && !ObjectMeta.namespace(object).equals(wanted)) {
            throw StatusException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        ObjectMeta.setNamespace(object, wanted);
        ObjectMeta.ensure(object).remove("managedFields");
        defaults.accept(object);
        var managed = new ManagedFields(
                        kind, schema, request.info().subresource(), FieldSet.ofFields(), VersionConverter.NONE, clock)
                .update(null, object, request.fieldManager());
        admission.admit(request, definition, kind, managed, ActionSupport.dryRun(request));
        return managed;
    }
}
