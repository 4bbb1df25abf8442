package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The schema of one version of a custom resource: pruning, defaults, validation of values, and the type by which apply merges. The
 * CRD is expected to be valid: structural, with patterns that compile. Immutable; safe for use by many threads.
 */
public final class CustomResourceSchema {
    private final Structural root;
    private final TypeSchema type;
    private final ValueValidator validator;
    private final boolean prunes;

    private CustomResourceSchema(Structural root, TypeSchema type, boolean prunes) {
        this.root = root;
        this.type = type;
        this.validator = new ValueValidator(root);
        this.prunes = prunes;
    }

    /**
     * Builds the schema of a version.
     *
     * @param openApiSchema the version's {@code schema.openAPIV3Schema}; null for none, which declares and checks nothing
     * @param preserveUnknownFields the CRD's {@code spec.preserveUnknownFields}: no field is ever dropped
     */
    public static CustomResourceSchema of(
            @Nullable JsonNode openApiSchema, boolean preserveUnknownFields, BuiltInTypes types) {
        TypeSchema meta = types.named("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
        Structural root = Structural.of(
                openApiSchema == null
                        ? com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode()
                        : openApiSchema);
        TypeSchema type = new StructuralTypes(meta).resource(root);
        return new CustomResourceSchema(root, type, !preserveUnknownFields && openApiSchema != null);
    }

    /** The type for {@code ManagedFields}; its metadata is the built-in ObjectMeta. */
    public TypeSchema type() {
        return type;
    }

    /** Drops fields that are not declared, in place; answers their paths. The resource's own metadata is left alone. */
    public List<String> prune(ObjectNode object) {
        return prunes ? Pruner.prune(object, root) : List.of();
    }

    /** Drops nulls that may not be, then fills in defaults, in place. */
    public void applyDefaults(ObjectNode object) {
        Pruner.dropNulls(object, root);
        Pruner.applyDefaults(object, root);
    }

    /** The errors of an object's values. */
    public List<FieldError> validate(ObjectNode object) {
        return validator.validate(object, null);
    }

    /** The errors of an update; values that did not change are not held against it. */
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return validator.validate(object, old);
    }

    /** The errors of the status alone, by what the schema says of it. */
    public List<FieldError> validateStatus(ObjectNode object, ObjectNode old) {
        JsonNode status = object.get("status");
        JsonNode rules = root.source().path("properties").get("status");
        return status == null || rules == null
                ? List.of()
                : validator.validateAt(status, old.get("status"), rules, FieldPath.of("status"));
    }

    /** The schema as it stands in the CRD. */
    public JsonNode source() {
        return root.source();
    }
}
