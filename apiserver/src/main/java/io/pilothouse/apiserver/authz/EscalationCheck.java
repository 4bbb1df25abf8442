package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.registry.Reserver;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nobody gives rights that they do not have: who writes a role must hold its rules or may {@code escalate}, who writes a binding must hold
 * the rules of its role or may {@code bind} it. Reserves nothing; it stands where reservations are made, before an object is validated.
 */
public final class EscalationCheck implements Reserver {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final Set<String> COLLECTED = Set.of("ownerReferences", "finalizers", "selfLink", "managedFields");

    private final String plural;
    private final RbacAuthorizer rbac;
    private final RbacPolicy policy;
    private final Authorizer authorizer;

    private EscalationCheck(String plural, RbacAuthorizer rbac, RbacPolicy policy, Authorizer authorizer) {
        this.plural = plural;
        this.rbac = rbac;
        this.policy = policy;
        this.authorizer = authorizer;
    }

    /** The checks of all four kinds, by resource. */
    public static Map<GroupResource, Reserver> all(RbacAuthorizer rbac, RbacPolicy policy, Authorizer authorizer) {
        return List.of("roles", "clusterroles", "rolebindings", "clusterrolebindings").stream()
                .collect(Collectors.toMap(
                        plural -> new GroupResource(GROUP, plural),
                        plural -> new EscalationCheck(plural, rbac, policy, authorizer)));
    }

    @Override
    public Reservation reserve(ObjectNode object, @Nullable ObjectNode old, WriteContext context) {
        if (!context.user().in(UserInfo.SUPERUSERS) && !(old != null && onlyCollected(object, old))) {
            check(object, old, context);
        }
        return Reserver.NONE.reserve(object, old, context);
    }

    @Override
    public void release(ObjectNode object) {}

    private void check(ObjectNode object, @Nullable ObjectNode old, WriteContext context) {
        var wanted = plural.endsWith("bindings") ? ofBinding(object, context) : ofRole(object, old, context);
        var problems = new ArrayList<String>();
        var missing = RuleCover.missing(rbac.rulesFor(context.user(), context.namespace(), problems), wanted);
        if (missing.isEmpty()) {
            return;
        }
        var told = new TreeSet<String>();
        PolicyRule.compact(missing).forEach(rule -> told.add(rule.describe()));
        throw StatusException.forbidden(
                new GroupResource(GROUP, plural),
                ObjectMeta.name(object),
                "user " + GoText.quote(context.user().name()) + " (groups="
                        + GoText.quoteList(context.user().groups())
                        + ") is attempting to grant RBAC permissions not currently held:\n" + String.join("\n", told)
                        + (problems.isEmpty() ? "" : "; resolution errors: [" + String.join(", ", problems) + "]"));
    }

    /** The rules that must be held for a role; none for who may escalate. */
    private List<PolicyRule> ofRole(ObjectNode object, @Nullable ObjectNode old, WriteContext context) {
        // The name of the path: a creation has none.
        String name = old == null ? "" : ObjectMeta.name(object);
        var attributes = Attributes.resource(context.user(), "escalate", GROUP, plural, "", context.namespace(), name);
        return authorizer.authorize(attributes).allowed() ? List.of() : PolicyRule.listOf(object.path("rules"));
    }

    private List<PolicyRule> ofBinding(ObjectNode object, WriteContext context) {
        var reference = object.path("roleRef");
        var role = new RbacPolicy.RoleRef(
                reference.path("kind").asText(), reference.path("name").asText());
        String roles = switch (role.kind()) {
            case "Role" -> "roles";
            case "ClusterRole" -> "clusterroles";
            default ->
                throw StatusException.internalError("unsupported role reference kind: " + GoText.quote(role.kind()));
        };
        var attributes = Attributes.resource(
                context.user(),
                "bind",
                reference.path("apiGroup").asText(),
                roles,
                "",
                context.namespace(),
                role.name());
        if (authorizer.authorize(attributes).allowed()) {
            return List.of();
        }
        return policy.rules(role, context.namespace())
                .orElseThrow(() -> StatusException.notFound(
                        new GroupResource(GROUP, role.kind().equals("Role") ? "role" : "clusterrole"), role.name()));
    }

    /** Whether a change is only of what the garbage collector changes. */
    private static boolean onlyCollected(ObjectNode object, ObjectNode old) {
        var changed = object.deepCopy();
        var metadata = ObjectMeta.ensure(changed);
        metadata.remove(COLLECTED);
        var before = old.deepCopy();
        ObjectMeta.ensure(before).remove(COLLECTED);
        return changed.equals(before);
    }
}
