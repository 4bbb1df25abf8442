package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.selector.FieldSelector;
import io.pilothouse.machinery.status.StatusException;

/** Which fields a selector may name. */
final class FieldSelectors {
    private FieldSelectors() {}

    /** @throws StatusException 400 for a field that the resource cannot be selected by */
    static void check(ResourceDefinition definition, FieldSelector selector) {
        for (var term : selector.terms()) {
            boolean known = switch (term.field()) {
                case "metadata.name" -> true;
                case "metadata.namespace" ->
                    definition.namespaced()
                            || (!definition.custom()
                                    && definition.selectableFields().isEmpty());
                default -> definition.selectableFields().containsKey(term.field());
            };
            if (!known) {
                throw StatusException.badRequest(
                        definition.selectableFields().isEmpty() && !definition.custom()
                                ? "\"" + term.field()
                                        + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                                : "field label not supported: " + term.field());
            }
        }
    }
}
