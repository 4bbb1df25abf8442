package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * How strictly a pod's spec is taken.
 *
 * @param isPod whether it is a pod's own, not that of a template
 * @param allowances what the old spec has wrong already
 * @param anyDeletionCost whether the old annotation of the deletion cost is wrong already
 */
public record PodRules(boolean isPod, Set<Allowance> allowances, boolean anyDeletionCost) {
    public PodRules {
        allowances = Set.copyOf(allowances);
    }

    static PodRules newPod() {
        return new PodRules(true, Set.of(), false);
    }

    static PodRules pod(JsonNode old) {
        return of(true, old.path("spec"), old.path("metadata"));
    }

    /** The rules of a new template. */
    public static PodRules newTemplate() {
        return new PodRules(false, Set.of(), false);
    }

    /** The rules of a template that replaces another one. */
    public static PodRules template(JsonNode old) {
        return of(false, old.path("spec"), old.path("metadata"));
    }

    private static PodRules of(boolean isPod, JsonNode oldSpec, JsonNode oldMetadata) {
        return new PodRules(
                isPod,
                Allowance.of(oldSpec),
                !PodAnnotations.isDeletionCost(oldMetadata.path("annotations").path(PodAnnotations.DELETION_COST)));
    }

    boolean allows(Allowance allowance) {
        return allowances.contains(allowance);
    }

    /** Whether values of selectors need not be those of labels. */
    public boolean allowsAnyAffinityValues() {
        return allows(Allowance.AFFINITY_VALUES);
    }
}
