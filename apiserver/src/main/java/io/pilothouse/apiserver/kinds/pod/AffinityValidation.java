package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.SelectorRules;
import java.util.ArrayList;
import java.util.List;

/** Near which nodes and pods a pod is to run (core/v1 Affinity). */
final class AffinityValidation {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final List<String> OF_PODS = List.of("podAffinity", "podAntiAffinity");
    private static final int MAX_WEIGHT = 100;

    private AffinityValidation() {}

    static void check(Field affinity, PodRules rules) {
        var nodes = affinity.child("nodeAffinity");
        nodes.child(REQUIRED)
                .ifPresent(selector -> NodeSelectorRules.check(selector, rules.allows(Allowance.NODE_AFFINITY_VALUES)));
        nodes.child(PREFERRED).each(term -> {
            weight(term.child("weight"));
            NodeSelectorRules.term(term.child("preference"), true);
        });
        boolean anyValues = rules.allowsAnyAffinityValues();
        for (String kind : OF_PODS) {
            affinity.child(kind, REQUIRED).each(term -> podTerm(term, anyValues));
            affinity.child(kind, PREFERRED).each(term -> {
                weight(term.child("weight"));
                podTerm(term.child("podAffinityTerm"), anyValues);
            });
        }
    }

    private static void weight(Field weight) {
        if (weight.number() <= 0 || weight.number() > MAX_WEIGHT) {
            weight.invalid(weight.number(), "must be in the range 1-100");
        }
    }

    private static void podTerm(Field term, boolean anyValues) {
        selectors(term, anyValues);
        // Upstream writes "namespace" for the list.
        term.child("namespaces")
                .each(name -> name.placedAt(term.path().child("namespace")).matches(LabelFormat::label));
        SpreadValidation.labelKeys(
                term, term.child("matchLabelKeys"), term.child("mismatchLabelKeys"), term.child("labelSelector"));
        var key = term.child("topologyKey");
        if (key.isEmpty()) {
            key.required("can not be empty");
        }
        key.matches(LabelFormat::key);
    }

    static void selectors(Field term) {
        selectors(term, false);
    }

    private static void selectors(Field term, boolean anyValues) {
        SelectorRules.check(term.child("labelSelector"), anyValues);
        SelectorRules.check(term.child("namespaceSelector"), anyValues);
    }

    /** All terms about pods in a spec. */
    static List<JsonNode> podTerms(JsonNode spec) {
        var terms = new ArrayList<JsonNode>();
        for (String kind : OF_PODS) {
            var affinity = spec.path("affinity").path(kind);
            affinity.path(REQUIRED).forEach(terms::add);
            affinity.path(PREFERRED).forEach(term -> terms.add(term.path("podAffinityTerm")));
        }
        return terms;
    }
}
