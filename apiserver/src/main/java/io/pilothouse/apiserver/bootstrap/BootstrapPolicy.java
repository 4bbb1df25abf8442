package io.pilothouse.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authz.PolicyRule;
import io.pilothouse.apiserver.catalog.WordTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Upstream's bootstrap roles and bindings, read from the table {@code rbac.txt}. */
public final class BootstrapPolicy {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String VERSION = GROUP + "/v1";

    private final List<ObjectNode> objects = new ArrayList<>();

    private BootstrapPolicy() {}

    /** The rules of a bootstrap cluster role. */
    public static List<PolicyRule> rulesOf(String role) {
        return load().stream()
                .filter(o -> o.path("kind").asText().equals("ClusterRole")
                        && o.path("metadata").path("name").asText().equals(role))
                .findFirst()
                .map(o -> PolicyRule.listOf(o.path("rules")))
                .orElseThrow();
    }

    /** Roles before bindings; each with kind and, where it has one, namespace. */
    static List<ObjectNode> load() {
        var policy = new BootstrapPolicy();
        ObjectNode role = null;
        for (String line : WordTable.lines(BootstrapPolicy.class, "rbac.txt")) {
            role = policy.take(line, role);
        }
        return policy.objects;
    }

    /** @return the role that following rules belong to */
    private @Nullable ObjectNode take(String line, @Nullable ObjectNode role) {
        var words = WordTable.words(line);
        if (line.startsWith("  ")) {
            Objects.requireNonNull(role, "a rule before the first role")
                    .withArrayProperty("rules")
                    .add(rule(words).toNode());
            return role;
        }
        String namespace = "";
        if (words.getFirst().equals("in")) {
            namespace = words.get(1);
            words.subList(0, 2).clear();
        }
        if (words.getFirst().equals("role")) {
            var made = role(namespace, words);
            objects.add(made);
            return made;
        }
        objects.add(binding(namespace, words));
        return role;
    }

    private static ObjectNode object(String kind, String namespace, String name) {
        var object = JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", VERSION);
        var metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
        metadata.putObject("annotations").put("rbac.authorization.kubernetes.io/autoupdate", "true");
        return object;
    }

    private static ObjectNode role(String namespace, List<String> words) {
        var role = object(namespace.isEmpty() ? "ClusterRole" : "Role", namespace, words.get(1));
        for (int i = 2; i + 1 < words.size(); i += 2) {
            if (words.get(i).equals("label")) {
                role.withObjectProperty("metadata").withObjectProperty("labels").put(words.get(i + 1), "true");
            } else {
                role.withObjectProperty("aggregationRule")
                        .withArrayProperty("clusterRoleSelectors")
                        .addObject()
                        .putObject("matchLabels")
                        .put(words.get(i + 1), "true");
            }
        }
        // Of one that aggregates, a controller fills them.
        role.putNull("rules");
        return role;
    }

    private static ObjectNode binding(String namespace, List<String> words) {
        boolean cluster = namespace.isEmpty();
        var binding = object(cluster ? "ClusterRoleBinding" : "RoleBinding", namespace, words.get(1));
        binding.putObject("roleRef")
                .put("apiGroup", GROUP)
                .put("kind", cluster ? "ClusterRole" : "Role")
                .put("name", words.get(2));
        var subjects = binding.putArray("subjects");
        for (String subject : words.subList(3, words.size())) {
            int colon = subject.indexOf(':');
            String name = subject.substring(colon + 1);
            switch (subject.substring(0, colon)) {
                case "User", "Group" ->
                    subjects.addObject()
                            .put("kind", subject.substring(0, colon))
                            .put("apiGroup", GROUP)
                            .put("name", name);
                default -> {
                    int slash = name.indexOf('/');
                    subjects.addObject()
                            .put("kind", "ServiceAccount")
                            .put("name", name.substring(slash + 1))
                            .put("namespace", name.substring(0, slash));
                }
            }
        }
        if (subjects.isEmpty()) {
            binding.remove("subjects");
        }
        return binding;
    }

    /** Verbs @ URLs, or verbs : groups : resources, and perhaps : names. */
    private static PolicyRule rule(List<String> words) {
        var verbs = WordTable.list(words.getFirst());
        if (words.get(1).equals("@")) {
            return new PolicyRule(verbs, List.of(), List.of(), List.of(), WordTable.list(words.get(2)));
        }
        return new PolicyRule(
                verbs,
                WordTable.list(words.get(2)),
                WordTable.list(words.get(4)),
                words.size() > 6 ? WordTable.list(words.get(6)) : List.of(),
                List.of());
    }
}
