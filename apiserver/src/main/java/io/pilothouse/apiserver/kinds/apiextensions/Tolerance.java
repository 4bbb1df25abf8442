package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.FieldPath;
import java.util.List;

/**
 * What an update may leave as it is, because the stored definition was that way before.
 *
 * @param schemas those of before
 */
record Tolerance(
        boolean requiresSchema,
        boolean requiresTypes,
        boolean requiresStructural,
        boolean requiresPrunedDefaults,
        boolean requiresAtomicSets,
        boolean requiresSoundKeys,
        List<JsonNode> schemas) {
    /** For new definitions. */
    static final Tolerance NONE = new Tolerance(true, true, true, true, true, true, List.of());

    /** Whether a schema is as it was before. */
    boolean unchanged(JsonNode schema) {
        return schemas.contains(schema);
    }

    /** For updates of a definition. */
    static Tolerance of(JsonNode oldSpec) {
        return new Tolerance(
                SchemaSearch.givenEverywhere(oldSpec),
                !SchemaSearch.anywhere(
                        oldSpec,
                        s -> s.has("type")
                                && !SchemaRules.TYPES.contains(s.path("type").asText())),
                SchemaSearch.roots(oldSpec).stream().allMatch(StructuralRules::isStructural),
                SchemaSearch.roots(oldSpec).stream().allMatch(s -> !DefaultRules.hasUnknownFields(s)),
                !SchemaSearch.anywhere(oldSpec, ListRules::hasSetOfMutables),
                !SchemaSearch.anywhere(
                        oldSpec, s -> !ListRules.unsoundKeys(s, FieldPath.ROOT).isEmpty()),
                SchemaSearch.roots(oldSpec));
    }
}
