package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** What holds for every kind when it is created or changed: upstream's rest.BeforeCreate and rest.BeforeUpdate. */
public final class WriteRules {
    private static final String NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int NAME_RANDOM_LENGTH = 5;
    private static final int GENERATED_NAME_LIMIT = 63 - NAME_RANDOM_LENGTH;

    private final RandomGenerator random;

    public WriteRules(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Makes a new object ready for storage.
     *
     * @throws StatusException 422 with all that is wrong
     */
    public void beforeCreate(ResourceDefinition definition, ObjectNode object, WriteContext context) {
        var metadata = ObjectMeta.ensure(object);
        metadata.remove("deletionTimestamp");
        metadata.remove("deletionGracePeriodSeconds");
        metadata.remove("selfLink");
        metadata.remove("resourceVersion");
        ObjectMeta.setCreationTimestamp(object, context.now());
        ObjectMeta.setUid(object, UUID.randomUUID().toString());
        nameIfGenerated(object);
        if (definition.separateStatus() && !definition.statusOnCreate()) {
            copy("status", object, definition.storageVersion().schema().emptyObject());
        }
        if (definition.keepsGeneration()) {
            ObjectMeta.setGeneration(object, 1);
        }
        definition.strategy().prepareForCreate(object, context);
        var errors = new ArrayList<FieldError>(MetadataValidation.validate(object, definition));
        errors.addAll(definition.strategy().validate(object, context));
        refuse(definition, object, errors);
    }

    /** Gives the object a name of its generateName, if it has none. */
    public void nameIfGenerated(ObjectNode object) {
        String prefix = ObjectMeta.generateName(object);
        if (!ObjectMeta.name(object).isEmpty() || prefix.isEmpty()) {
            return;
        }
        var name = new StringBuilder(
                prefix.length() > GENERATED_NAME_LIMIT ? prefix.substring(0, GENERATED_NAME_LIMIT) : prefix);
        for (int i = 0; i < NAME_RANDOM_LENGTH; i++) {
            name.append(NAME_ALPHABET.charAt(random.nextInt(NAME_ALPHABET.length())));
        }
        ObjectMeta.setName(object, name.toString());
    }

    /**
     * Makes a change ready for storage.
     *
     * @param strategy the resource's own, or that of the view that is written through
     * @throws StatusException 422 with all that is wrong
     */
    public void beforeUpdate(
            ResourceDefinition definition, Strategy strategy, ObjectNode object, ObjectNode old, WriteContext context) {
        var metadata = ObjectMeta.ensure(object);
        var oldMetadata = ObjectMeta.of(old);
        copy("generation", metadata, oldMetadata);
        if (strategy instanceof ViewStrategy view) {
            view.restrict(object, old);
        } else if (definition.separateStatus()) {
            copy("status", object, old);
        }
        strategy.prepareForUpdate(object, old, context);
        if (strategy.countsGenerations() && definition.isNewGeneration(object, old)) {
            ObjectMeta.setGeneration(object, ObjectMeta.generation(old) + 1);
        }
        restoreMetadata(metadata, oldMetadata);
        var errors = MetadataValidation.validateUpdate(object, old, definition);
        errors.addAll(strategy.validateUpdate(object, old, context));
        refuse(definition, object, errors);
    }

    /** What only the server sets is as it was; what of it a client may not even try to change is left for validation to see. */
    private static void restoreMetadata(ObjectNode metadata, ObjectNode oldMetadata) {
        metadata.remove("selfLink");
        if (!metadata.hasNonNull("uid")) {
            copy("uid", metadata, oldMetadata);
        }
        copy("creationTimestamp", metadata, oldMetadata);
        if (oldMetadata.has("deletionTimestamp")) {
            copy("deletionTimestamp", metadata, oldMetadata);
        }
        if (!metadata.has("deletionGracePeriodSeconds")) {
            copy("deletionGracePeriodSeconds", metadata, oldMetadata);
        }
    }

    private static void copy(String field, ObjectNode to, ObjectNode from) {
        var value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }

    static void refuse(ResourceDefinition definition, ObjectNode object, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            var kind = new GroupKind(definition.groupResource().group(), definition.kind());
            throw StatusException.invalid(kind, ObjectMeta.name(object), errors);
        }
    }
}
