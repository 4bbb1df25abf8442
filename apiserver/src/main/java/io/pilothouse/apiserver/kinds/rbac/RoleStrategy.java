package io.pilothouse.apiserver.kinds.rbac;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.SelectorRules;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.selector.SelectorException;
import java.util.ArrayList;
import java.util.List;

/** What Role and ClusterRole have in common: the rules of rules. */
record RoleStrategy(boolean namespaced) implements Strategy {
    @Override
    public void defaults(ObjectNode object) {
        if (!object.has("rules")) {
            object.putNull("rules");
        }
    }

    @Override
    public void prepareForCreate(ObjectNode object, WriteContext context) {
        if (object.path("rules").isEmpty()) {
            // Storage does not tell an empty list from none.
            object.putNull("rules");
        }
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
        prepareForCreate(object, context);
    }

    @Override
    public List<FieldError> validate(ObjectNode object, WriteContext context) {
        var errors = new ArrayList<FieldError>();
        var role = Field.of(object, errors);
        role.child("rules").each(this::rule);
        if (!namespaced) {
            role.child("aggregationRule").ifPresent(RoleStrategy::aggregation);
        }
        return errors;
    }

    private void rule(Field rule) {
        var urls = rule.child("nonResourceURLs");
        var groups = rule.child("apiGroups");
        var resources = rule.child("resources");
        if (rule.child("verbs").isEmpty()) {
            rule.child("verbs").required("verbs must contain at least one value");
        }
        if (!urls.isEmpty()) {
            if (namespaced) {
                urls.invalid("namespaced rules cannot apply to non-resource URLs");
            }
            if (!groups.isEmpty()
                    || !resources.isEmpty()
                    || !rule.child("resourceNames").isEmpty()) {
                urls.invalid("rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
        }
        if (groups.isEmpty()) {
            groups.required("resource rules must supply at least one api group");
        }
        if (resources.isEmpty()) {
            resources.required("resource rules must supply at least one resource");
        }
    }

    private static void aggregation(Field rule) {
        if (rule.child("clusterRoleSelectors").isEmpty()) {
            rule.child("clusterRoleSelectors")
                    .required("at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
        rule.child("clusterRoleSelectors").each(selector -> {
            SelectorRules.check(selector);
            try {
                LabelSelector.fromNode(selector.value());
            } catch (SelectorException e) {
                selector.invalid(MissingNode.getInstance(), "invalid label selector.");
            }
        });
    }
}
