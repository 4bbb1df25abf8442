package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.registry.ListOptions;
import io.pilothouse.machinery.selector.FieldSelector;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;

/** Which fields a selector may name. */
final class FieldSelectors {
    private FieldSelectors() {}

    /**
     * The selector in the resource's own names of fields, where the version of the request has others.
     *
     * @throws StatusException 400 for a field that the resource cannot be selected by
     */
    static ListOptions resolve(ObjectForm form, ListOptions options) {
        var labels = form.definition().fieldLabels(form.version());
        if (labels.isEmpty()) {
            check(form.definition(), options.fields());
            return options;
        }
        var terms = new ArrayList<FieldSelector.Term>();
        for (var term : options.fields().terms()) {
            String field = term.field().startsWith("metadata.") ? term.field() : labels.get(term.field());
            if (field == null) {
                throw StatusException.badRequest("field label not supported: " + term.field());
            }
            terms.add(new FieldSelector.Term(field, term.equal(), term.value()));
        }
        return options.withFields(new FieldSelector(terms));
    }

    private static void check(ResourceDefinition definition, FieldSelector selector) {
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
                                : definition.refusedSelector(term.field()));
            }
        }
    }
}
