package io.pilothouse.controllers.clusterrole;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/** Fills cluster roles that are made of others with the others' rules. */
public final class ClusterRoleAggregation {
    private final ControllerContext context;
    private final Cache<ClusterRole> roles;

    /** Joins a context. */
    public ClusterRoleAggregation(ControllerContext context, int workers) {
        this.context = context;
        this.roles = context.cache(ClusterRole.class);
        WorkQueue<Key> queue = context.queue("clusterrole-aggregation", workers, this::reconcile);
        roles.onAny(changed -> roles.all().stream()
                .filter(role -> role.getAggregationRule() != null)
                .forEach(role -> queue.add(Key.of(role))));
        roles.on(added -> queue.add(Key.of(added)), (before, after) -> {}, deleted -> {});
    }

    private Outcome reconcile(Key key) {
        var found = roles.find(key).filter(role -> role.getAggregationRule() != null);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        ClusterRole role = found.get();
        var rules = new LinkedHashSet<PolicyRule>();
        for (var selector : role.getAggregationRule().getClusterRoleSelectors()) {
            roles.all().stream()
                    .filter(other -> !other.getMetadata().getName().equals(key.name())
                            && Selectors.matches(selector, other.getMetadata().getLabels()))
                    .sorted(Comparator.comparing(other -> other.getMetadata().getName()))
                    .forEach(other -> rules.addAll(rules(other)));
        }
        if (!List.copyOf(rules).equals(rules(role))) {
            context.client()
                    .resource(new ClusterRoleBuilder(role)
                            .withRules(List.copyOf(rules))
                            .build())
                    .update();
        }
        return Outcome.done();
    }

    /** A role that is itself aggregated has no rules, not even an empty list, until it was filled. */
    private static List<PolicyRule> rules(ClusterRole role) {
        return Objects.requireNonNullElse(role.getRules(), List.of());
    }
}
