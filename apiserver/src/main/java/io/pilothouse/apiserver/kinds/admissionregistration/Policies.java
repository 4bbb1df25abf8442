package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import java.util.stream.Collectors;

/** What admission policies and their bindings share. */
final class Policies {
    private Policies() {}

    static Column[] columns(Column rules) {
        return new Column[] {
            TableWriter.name(),
            rules,
            Column.text(
                    "ParamKind",
                    "ParamKind specifies the kind of resources used to parameterize this policy",
                    Policies::paramKind),
            TableWriter.age()
        };
    }

    static Column[] bindingColumns() {
        return new Column[] {
            TableWriter.name(),
            Column.text(
                    "PolicyName",
                    "PolicyName indicates the policy definition which the policy binding binded to",
                    o -> o.path("spec").path("policyName").asText()),
            Column.text(
                    "ParamRef",
                    "ParamRef indicates the param resource which sets the configuration param",
                    Policies::paramName),
            TableWriter.age()
        };
    }

    private static String paramKind(ObjectNode policy) {
        var kind = policy.path("spec").path("paramKind");
        return kind.isMissingNode()
                ? "<unset>"
                : kind.path("apiVersion").asText() + "/" + kind.path("kind").asText();
    }

    private static String paramName(ObjectNode binding) {
        var ref = binding.path("spec").path("paramRef");
        String name = ref.path("name").asText();
        if (!name.isEmpty()) {
            String namespace = ref.path("namespace").asText();
            return (namespace.isEmpty() ? "*" : namespace) + "/" + name;
        }
        return ref.has("selector") ? selectorText(ref.path("selector")) : "<unset>";
    }

    /** A label selector as Go prints it. */
    private static String selectorText(JsonNode selector) {
        var labels = selector.path("matchLabels").propertyStream().sorted(java.util.Map.Entry.comparingByKey());
        var text = new StringBuilder("&LabelSelector{MatchLabels:map[string]string{")
                .append(labels.map(e -> e.getKey() + ": " + e.getValue().asText() + ",")
                        .collect(Collectors.joining()))
                .append("},MatchExpressions:[]LabelSelectorRequirement{");
        for (var expression : selector.path("matchExpressions")) {
            text.append("LabelSelectorRequirement{Key:")
                    .append(expression.path("key").asText())
                    .append(",Operator:")
                    .append(expression.path("operator").asText())
                    .append(",Values:[")
                    .append(String.join(" ", Trees.strings(expression.path("values"))))
                    .append("],},");
        }
        return text.append("},}").toString();
    }

    /** Fills what a match of resources leaves out, where there is one. */
    static void fillMatch(ObjectNode spec, String field) {
        Trees.with(spec, field, match -> {
            Trees.fillAbsent(match, "matchPolicy", "Equivalent");
            match.withObjectProperty("namespaceSelector");
            match.withObjectProperty("objectSelector");
            for (String rules : new String[] {"resourceRules", "excludeResourceRules"}) {
                Trees.each(match, rules, rule -> Trees.fillAbsent(rule, "scope", "*"));
            }
        });
    }
}
