package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** The deletion of most kinds: gone at once, or marked and left to finalizers and kubelets. Upstream's rest.BeforeDelete. */
public final class StandardDeletion implements DeletionRule {
    public static final StandardDeletion INSTANCE = new StandardDeletion();
    static final String ORPHAN = "orphan";
    static final String FOREGROUND = "foregroundDeletion";

    private StandardDeletion() {}

    @Override
    public boolean endsWithUpdate(ObjectNode object, ObjectNode old) {
        return ObjectMeta.finalizers(object).isEmpty()
                && ObjectMeta.deletionGracePeriodSeconds(old)
                        .map(grace -> grace == 0)
                        .orElse(false);
    }

    @Override
    public Outcome apply(
            ResourceDefinition definition, ObjectNode object, DeleteOptions options, WriteContext context) {
        boolean wasTerminating = ObjectMeta.isTerminating(object);
        var before = object.deepCopy();
        long grace = graceOf(definition, object, options);
        setPropagationFinalizers(definition, object, options);
        boolean pending = !ObjectMeta.finalizers(object).isEmpty();
        if (grace == 0 && !pending) {
            return Outcome.REMOVE;
        }
        if (!wasTerminating) {
            mark(definition, object, grace, context);
        } else if (grace > 0) {
            shorten(object, grace);
        } else {
            ObjectMeta.setDeletionGracePeriodSeconds(object, 0L);
        }
        return before.equals(object) ? Outcome.UNCHANGED : Outcome.MARKED;
    }

    private static long graceOf(ResourceDefinition definition, ObjectNode object, DeleteOptions options) {
        Long asked = options.gracePeriodSeconds();
        // A negative period is taken for the shortest one, as upstream takes it.
        Long requested = asked != null && asked < 0 ? Long.valueOf(1) : asked;
        return definition.strategy().gracePeriodSeconds(object, requested);
    }

    private static void mark(ResourceDefinition definition, ObjectNode object, long grace, WriteContext context) {
        ObjectMeta.setDeletionTimestamp(object, context.now().plusSeconds(grace));
        ObjectMeta.setDeletionGracePeriodSeconds(object, grace);
        if (ObjectMeta.generation(object) > 0 || definition.keepsGeneration()) {
            ObjectMeta.setGeneration(object, ObjectMeta.generation(object) + 1);
        }
    }

    /** A second deletion can only shorten the period of the first. */
    private static void shorten(ObjectNode object, long grace) {
        long current = ObjectMeta.deletionGracePeriodSeconds(object).orElse(0L);
        if (grace < current) {
            var deadline = ObjectMeta.deletionTimestamp(object).orElseThrow();
            ObjectMeta.setDeletionTimestamp(
                    object, deadline.minusSeconds(current).plusSeconds(grace));
            ObjectMeta.setDeletionGracePeriodSeconds(object, grace);
        }
    }

    private static void setPropagationFinalizers(
            ResourceDefinition definition, ObjectNode object, DeleteOptions options) {
        var current = ObjectMeta.finalizers(object);
        var wanted = new ArrayList<>(current);
        wanted.removeAll(List.of(ORPHAN, FOREGROUND));
        switch (propagation(definition, current, options)) {
            case "Orphan" -> wanted.add(ORPHAN);
            case "Foreground" -> wanted.add(FOREGROUND);
            default -> {}
        }
        if (!wanted.equals(current)) {
            ObjectMeta.setFinalizers(object, wanted);
        }
    }

    private static String propagation(ResourceDefinition definition, List<String> finalizers, DeleteOptions options) {
        if (options.propagation() != null) {
            return options.propagation();
        }
        if (options.orphanDependents() != null) {
            return options.orphanDependents() ? "Orphan" : "Background";
        }
        if (finalizers.contains(FOREGROUND)) {
            return "Foreground";
        }
        return finalizers.contains(ORPHAN) ? "Orphan" : definition.defaultPropagation();
    }
}
