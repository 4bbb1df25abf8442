package io.pilothouse.controllers.admission;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.NamedRuleWithOperations;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The kinds of objects that a policy is for, as far as it names them: nothing is made of rules with wildcards. */
final class MatchedTypes {
    /** Of one rule. */
    private static final int MOST = 10;

    private final KubernetesClient client;
    private final Map<String, Optional<APIResourceList>> known = new HashMap<>();

    MatchedTypes(KubernetesClient client) {
        this.client = client;
    }

    SortedSet<ServedType> of(ValidatingAdmissionPolicy policy) {
        var types = new TreeSet<ServedType>();
        var constraints = policy.getSpec().getMatchConstraints();
        if (constraints == null) {
            return types;
        }
        for (var rule : constraints.getResourceRules()) {
            if (!add(rule, types)) {
                return types;
            }
        }
        return types;
    }

    /** Adds a rule's; false where they are so many that the rest is left out. */
    private boolean add(NamedRuleWithOperations rule, SortedSet<ServedType> types) {
        if (hasWildcard(rule.getApiGroups()) || hasWildcard(rule.getApiVersions())) {
            return true;
        }
        int count = 0;
        for (String group : sorted(rule.getApiGroups())) {
            for (String version : sorted(rule.getApiVersions())) {
                for (String resource : sorted(rule.getResources())) {
                    var type = type(group, version, resource);
                    if (type.isPresent()) {
                        types.add(type.get());
                        if (++count == MOST) {
                            return false;
                        }
                    }
                }
            }
        }
        return true;
    }

    private static List<String> sorted(@Nullable List<String> names) {
        return Objects.requireNonNullElse(names, List.<String>of()).stream()
                .sorted()
                .toList();
    }

    private static boolean hasWildcard(@Nullable List<String> names) {
        return sorted(names).stream().anyMatch(name -> name.contains("*"));
    }

    private Optional<ServedType> type(String group, String version, String resource) {
        if (resource.contains("*") || resource.contains("/")) {
            return Optional.empty();
        }
        return known.computeIfAbsent(
                        group.isEmpty() ? version : group + "/" + version,
                        groupVersion -> Optional.ofNullable(client.getApiResources(groupVersion)))
                .flatMap(list -> list.getResources().stream()
                        .filter(served ->
                                resource.equals(served.getName()) || resource.equals(served.getSingularName()))
                        .findFirst())
                .map(served -> new ServedType(group, version, served.getKind()));
    }
}
