package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.DeletionRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.StandardDeletion;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;

/** A CustomResourceDefinition is marked first and goes when its objects are gone. */
final class DefinitionDeletion implements DeletionRule {
    @Override
    public Outcome apply(
            ResourceDefinition definition, ObjectNode object, DeleteOptions options, WriteContext context) {
        if (ObjectMeta.isTerminating(object)) {
            return StandardDeletion.INSTANCE.apply(definition, object, options, context);
        }
        ObjectMeta.setDeletionTimestamp(object, context.now());
        var finalizers = new ArrayList<>(ObjectMeta.finalizers(object));
        if (!finalizers.contains(DefinitionConditions.CLEANUP_FINALIZER)) {
            finalizers.add(DefinitionConditions.CLEANUP_FINALIZER);
            ObjectMeta.setFinalizers(object, finalizers);
        }
        DefinitionConditions.set(
                object,
                DefinitionConditions.TERMINATING,
                "True",
                "InstanceDeletionPending",
                "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
                context.now());
        return Outcome.MARKED;
    }

    @Override
    public boolean endsWithUpdate(ObjectNode object, ObjectNode old) {
        return ObjectMeta.isTerminating(old) && ObjectMeta.finalizers(object).isEmpty();
    }
}
