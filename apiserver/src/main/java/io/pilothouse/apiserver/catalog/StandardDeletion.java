package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The deletion of most kinds: gone at once, or marked and left to finalizers and kubelets. Upstream's rest.BeforeDelete. */
public final class StandardDeletion implements DeletionRule {
    public static final StandardDeletion INSTANCE = new StandardDeletion();
    static final String ORPHAN = "orphan";
    static final String FOREGROUND = "foregroundDeletion";

    private StandardDeletion() {}

    @Override
    public boolean endsWithUpdate(ObjectNode object, ObjectNode old) {
        return ObjectMeta.finalizers(object).isEmpty()
                && ObjectMeta.isTerminating(old)
                && ObjectMeta.deletionGracePeriodSeconds(old)
                        .map(grace -> grace == 0)
                        .orElse(true);
    }

    @Override
    public Outcome apply(
            ResourceDefinition definition, ObjectNode object, DeleteOptions options, WriteContext context) {
        boolean graceful = definition.strategy().deletesGracefully();
        boolean waiting = ObjectMeta.isTerminating(object)
                && ObjectMeta.deletionGracePeriodSeconds(object).orElse(0L) != 0;
        if (graceful && waiting) {
            // Once a deletion has begun, only its period can change, and only become shorter.
            return requested(options)
                            .filter(grace -> shorten(object, grace, context.now()))
                            .isPresent()
                    ? outcome(object)
                    : Outcome.UNCHANGED;
        }
        if (graceful && !ObjectMeta.isTerminating(object)) {
            long grace = definition
                    .strategy()
                    .gracePeriodSeconds(object, requested(options).orElse(null));
            mark(object, grace, context);
            setPropagationFinalizers(definition, object, options);
            return outcome(object);
        }
        var before = object.deepCopy();
        setPropagationFinalizers(definition, object, options);
        if (ObjectMeta.finalizers(object).isEmpty()) {
            return Outcome.REMOVE;
        }
        markForFinalizers(object, context);
        return before.equals(object) ? Outcome.UNCHANGED : Outcome.MARKED;
    }

    private static Outcome outcome(ObjectNode object) {
        boolean held = !ObjectMeta.finalizers(object).isEmpty()
                || ObjectMeta.deletionGracePeriodSeconds(object).orElse(0L) > 0;
        return held ? Outcome.MARKED : Outcome.MARK_AND_REMOVE;
    }

    /** The period that the client asked for. A negative one is taken for the shortest one, as upstream takes it. */
    private static Optional<Long> requested(DeleteOptions options) {
        return Optional.ofNullable(options.gracePeriodSeconds()).map(grace -> grace < 0 ? 1 : grace);
    }

    private static void mark(ObjectNode object, long grace, WriteContext context) {
        ObjectMeta.setDeletionTimestamp(object, context.now().plusSeconds(grace));
        ObjectMeta.setDeletionGracePeriodSeconds(object, grace);
        if (ObjectMeta.generation(object) > 0) {
            ObjectMeta.setGeneration(object, ObjectMeta.generation(object) + 1);
        }
    }

    private static void markForFinalizers(ObjectNode object, WriteContext context) {
        var deadline = ObjectMeta.deletionTimestamp(object);
        if (deadline.isEmpty()) {
            mark(object, 0, context);
            return;
        }
        if (deadline.get().isAfter(context.now())) {
            ObjectMeta.setDeletionTimestamp(object, context.now());
        }
        ObjectMeta.setDeletionGracePeriodSeconds(object, 0L);
    }

    /** Brings the end of a deletion forward, though not into the past; false for a period that is not shorter. */
    private static boolean shorten(ObjectNode object, long grace, Instant now) {
        long current = ObjectMeta.deletionGracePeriodSeconds(object).orElse(0L);
        if (grace >= current) {
            return false;
        }
        var deadline = ObjectMeta.deletionTimestamp(object)
                .orElse(now)
                .minusSeconds(current)
                .plusSeconds(grace);
        boolean over = deadline.isBefore(now);
        ObjectMeta.setDeletionTimestamp(object, over ? now : deadline);
        // Who asked for a graceful end still gets one, be it as short as can be.
        ObjectMeta.setDeletionGracePeriodSeconds(object, over && grace != 0 ? 1L : grace);
        return true;
    }

    private static void setPropagationFinalizers(
            ResourceDefinition definition, ObjectNode object, DeleteOptions options) {
        var current = ObjectMeta.finalizers(object);
        var wanted = new ArrayList<>(current);
        wanted.removeAll(List.of(ORPHAN, FOREGROUND));
        String propagation = definition.collectsDependents() ? propagation(definition, current, options) : "Background";
        switch (propagation) {
            case "Orphan" -> wanted.add(ORPHAN);
            case "Foreground" -> wanted.add(FOREGROUND);
            default -> {}
        }
        if (!Set.copyOf(wanted).equals(Set.copyOf(current))) {
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
