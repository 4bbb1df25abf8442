package io.pilothouse.apiserver.kinds.admissionregistration;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.SelectorRules;
import java.util.HashSet;

/** What must hold for the rules that say which requests a webhook or a policy is asked about. */
final class RuleValidation {
    private static final String[] OPERATIONS = {"*", "CONNECT", "CREATE", "DELETE", "UPDATE"};

    private RuleValidation() {}

    static void rule(Field rule) {
        var operations = rule.child("operations");
        operations.mustExist();
        if (operations.size() > 1 && hasStar(operations)) {
            operations.invalid("if '*' is present, must not specify other operations");
        }
        operations.each(operation -> operation.oneOf(OPERATIONS));
        var groups = rule.child("apiGroups");
        groups.mustExist();
        if (groups.size() > 1 && hasStar(groups)) {
            groups.invalid("if '*' is present, must not specify other API groups");
        }
        var versions = rule.child("apiVersions");
        versions.mustExist();
        if (versions.size() > 1 && hasStar(versions)) {
            versions.invalid("if '*' is present, must not specify other API versions");
        }
        versions.each(Field::mustExist);
        resources(rule.child("resources"));
        rule.child("scope").ifPresent(scope -> scope.oneOf("*", "Cluster", "Namespaced"));
    }

    private static boolean hasStar(Field list) {
        return list.items().stream().anyMatch(item -> item.is("*"));
    }

    private static void resources(Field resources) {
        resources.mustExist();
        var wholeResources = new HashSet<String>();
        var wholeSubresources = new HashSet<String>();
        boolean all = false;
        boolean star = false;
        boolean plain = false;
        for (var resource : resources.items()) {
            if (!resource.mustExist()) {
                continue;
            }
            String text = resource.text();
            all |= text.equals("*/*");
            star |= text.equals("*");
            int slash = text.indexOf('/');
            if (slash < 0) {
                // As upstream has it, only the last of them counts.
                plain = !text.equals("*");
                continue;
            }
            String name = text.substring(0, slash);
            String sub = text.substring(slash + 1);
            if (wholeResources.contains(name)) {
                resource.invalid("if '" + name + "/*' is present, must not specify " + text);
            }
            if (wholeSubresources.contains(sub)) {
                resource.invalid("if '*/" + sub + "' is present, must not specify " + text);
            }
            if (sub.equals("*")) {
                wholeResources.add(name);
            }
            if (name.equals("*")) {
                wholeSubresources.add(sub);
            }
        }
        if (resources.size() > 1 && all) {
            resources.invalid("if '*/*' is present, must not specify other resources");
        }
        if (star && plain) {
            resources.invalid("if '*' is present, must not specify other resources without subresources");
        }
    }

    /** The resources that a policy or a binding is for; absent ones are fine. */
    static void match(Field match) {
        if (!match.present()) {
            return;
        }
        var policy = match.child("matchPolicy");
        if (policy.present()) {
            policy.oneOf("Equivalent", "Exact");
        } else {
            policy.required("");
        }
        for (String selector : new String[] {"namespaceSelector", "objectSelector"}) {
            var field = match.child(selector);
            if (field.present()) {
                SelectorRules.check(field);
            } else {
                field.required("");
            }
        }
        match.child("resourceRules").each(RuleValidation::named);
        match.child("excludeResourceRules").each(RuleValidation::named);
    }

    private static void named(Field rule) {
        var seen = new HashSet<String>();
        rule.child("resourceNames").each(name -> {
            name.matches(io.pilothouse.apiserver.catalog.NameRule::pathSegmentProblems);
            if (!seen.add(name.text())) {
                name.duplicate();
            }
        });
        rule(rule);
    }

    /** Deletions cannot be mutated. */
    static void mutable(Field match) {
        var told = match.child("resourceRules", "operations").path();
        match.child("resourceRules")
                .each(rule -> rule.child("operations")
                        .each(operation -> operation.placedAt(told).oneOf("*", "CONNECT", "CREATE", "UPDATE")));
    }
}
