package io.pilothouse.apiserver.authz;

import io.pilothouse.apiserver.request.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Role-based access control (rbac.authorization.k8s.io/v1): additive rules, bound to users, groups and service accounts. */
public final class RbacAuthorizer implements Authorizer {
    private final RbacPolicy policy;

    public RbacAuthorizer(RbacPolicy policy) {
        this.policy = policy;
    }

    @Override
    public Decision authorize(Attributes attributes) {
        var problems = new ArrayList<String>();
        var allowed = new Decision[1];
        visit(attributes.user(), attributes.namespace(), problems, (grant, rule) -> {
            if (rule.allows(attributes)) {
                allowed[0] = Decision.allow("RBAC: allowed by " + grant);
                return false;
            }
            return true;
        });
        if (allowed[0] != null) {
            return allowed[0];
        }
        if (problems.isEmpty()) {
            return Decision.noOpinion("");
        }
        return Decision.noOpinion(
                "RBAC: " + (problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]"));
    }

    /** All rules that hold for a user in a namespace (or in the whole cluster, for an empty one). Problems are bindings whose role is missing. */
    public List<PolicyRule> rulesFor(UserInfo user, String namespace, List<String> problems) {
        var rules = new ArrayList<PolicyRule>();
        visit(user, namespace, problems, (grant, rule) -> rules.add(rule));
        return rules;
    }

    private void visit(
            UserInfo user, String namespace, List<String> problems, BiPredicate<String, PolicyRule> visitor) {
        for (var binding : policy.clusterBindings()) {
            if (!visit(binding, user, "", problems, visitor)) {
                return;
            }
        }
        if (namespace.isEmpty()) {
            return;
        }
        for (var binding : policy.bindings(namespace)) {
            if (!visit(binding, user, namespace, problems, visitor)) {
                return;
            }
        }
    }

    private boolean visit(
            RbacPolicy.Binding binding,
            UserInfo user,
            String namespace,
            List<String> problems,
            BiPredicate<String, PolicyRule> visitor) {
        var subject = binding.subjects().stream()
                .filter(s -> s.matches(user, binding.namespace()))
                .findFirst();
        if (subject.isEmpty()) {
            return true;
        }
        Optional<List<PolicyRule>> rules = policy.rules(binding.role(), namespace);
        if (rules.isEmpty()) {
            problems.add(missing(binding.role()));
            return true;
        }
        String grant = binding.describe() + " of " + binding.role().kind() + " \""
                + binding.role().name() + "\" to " + subject.get().describe(binding.namespace());
        for (var rule : rules.get()) {
            if (!visitor.test(grant, rule)) {
                return false;
            }
        }
        return true;
    }

    private static String missing(RbacPolicy.RoleRef role) {
        String resource = role.kind().equals("Role") ? "role" : "clusterrole";
        return resource + ".rbac.authorization.k8s.io \"" + role.name() + "\" not found";
    }
}
