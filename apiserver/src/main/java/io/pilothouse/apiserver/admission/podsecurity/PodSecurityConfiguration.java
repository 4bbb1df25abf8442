package io.pilothouse.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What namespaces without labels get, and who is exempt (pod-security.admission.config.k8s.io PodSecurityConfiguration). */
record PodSecurityConfiguration(
        Policy defaults, Set<String> namespaces, Set<String> users, Set<String> runtimeClasses) {
    private static final String GROUP = "pod-security.admission.config.k8s.io/";

    PodSecurityConfiguration {
        namespaces = Set.copyOf(namespaces);
        users = Set.copyOf(users);
        runtimeClasses = Set.copyOf(runtimeClasses);
    }

    /**
     * Reads a configuration.
     *
     * @param node missing for none
     * @throws IllegalArgumentException listing what is wrong
     */
    static PodSecurityConfiguration read(JsonNode node) {
        List<String> problems = new ArrayList<>();
        if (!node.isMissingNode()
                && !(node.path("kind").asText("").equals("PodSecurityConfiguration")
                        && Set.of(GROUP + "v1", GROUP + "v1beta1", GROUP + "v1alpha1")
                                .contains(node.path("apiVersion").asText("")))) {
            problems.add("must be a PodSecurityConfiguration of " + GROUP + "v1");
        }
        var defaults = node.path("defaults");
        var policy = new Policy(
                mode(defaults, "enforce", problems),
                mode(defaults, "audit", problems),
                mode(defaults, "warn", problems));
        var exemptions = node.path("exemptions");
        var read = new PodSecurityConfiguration(
                policy,
                names(exemptions, "namespaces", n -> LabelFormat.label(n).isEmpty(), problems),
                names(exemptions, "usernames", n -> !n.isEmpty(), problems),
                names(
                        exemptions,
                        "runtimeClasses",
                        n -> LabelFormat.subdomain(n).isEmpty(),
                        problems));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("PodSecurity: " + String.join(", ", problems));
        }
        return read;
    }

    private static LevelVersion mode(JsonNode defaults, String mode, List<String> problems) {
        String level = text(defaults.path(mode), "privileged");
        String version = text(defaults.path(mode + "-version"), "latest");
        if (Level.parse(level).isEmpty()) {
            problems.add("defaults." + mode + ": Invalid value: \"" + level
                    + "\": must be one of privileged, baseline, restricted");
        }
        if (LevelVersion.minor(version).isEmpty()) {
            problems.add("defaults." + mode + "-version: Invalid value: \"" + version
                    + "\": must be \"latest\" or \"v1.x\"");
        }
        return new LevelVersion(
                Level.parse(level).orElse(Level.RESTRICTED),
                LevelVersion.minor(version).orElse(LevelVersion.LATEST));
    }

    private static String text(JsonNode value, String otherwise) {
        return value.asText("").isEmpty() ? otherwise : value.asText();
    }

    private static Set<String> names(
            JsonNode exemptions, String field, Predicate<String> valid, List<String> problems) {
        var out = new HashSet<String>();
        int index = 0;
        for (String name : Trees.strings(exemptions.path(field))) {
            String at = "exemptions." + field + "[" + index++ + "]";
            if (!valid.test(name)) {
                problems.add(at + ": Invalid value: \"" + name + "\"");
            } else if (!out.add(name)) {
                problems.add(at + ": Duplicate value: \"" + name + "\"");
            }
        }
        return out;
    }
}
