package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.SelectorRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a pod's spec may keep although it would be refused in a new one: rules became stricter, and what was stored before them must
 * stay writable. Each says how it is recognized in the old spec.
 */
enum Allowance {
    /** An amount of huge pages that is no multiple of their size. */
    BROKEN_HUGE_PAGES,
    /** Values in the selectors of pod affinity that are no label values. */
    AFFINITY_VALUES,
    /** Values in required node affinity that are no label values. */
    NODE_AFFINITY_VALUES,
    /** Selectors of topology spread constraints that are wrong. */
    SPREAD_SELECTORS,
    /** Keys of topology spread constraints that would be refused since they are merged into the selector. */
    SPREAD_KEYS,
    /** A path of a projected token that leaves the volume. */
    TOKEN_PATHS,
    /** Kernel settings of a namespace that is the host's. */
    HOST_SYSCTLS,
    /** A policy other than Recursive for the relabeling of volumes. */
    SELINUX_CHANGE_POLICIES,
    /** Tolerations that compare numbers. */
    TOLERATION_COMPARISONS,
    /** Block devices in a pod with a user namespace of its own. */
    DEVICES_OF_USER_NAMESPACES,
    /** The host's network in a pod with a user namespace of its own. */
    HOST_NETWORK_OF_USER_NAMESPACES,
    /** An init container that is no sidecar and is to be restarted when it is resized. */
    RESTARTS_OF_INIT_CONTAINERS;

    /** Those of an old spec. */
    static Set<Allowance> of(JsonNode oldSpec) {
        var all = EnumSet.noneOf(Allowance.class);
        for (var allowance : values()) {
            if (allowance.isIn(oldSpec)) {
                all.add(allowance);
            }
        }
        return all;
    }

    private boolean isIn(JsonNode spec) {
        return switch (this) {
            case BROKEN_HUGE_PAGES -> ResourceRules.hasBrokenHugePages(spec);
            case AFFINITY_VALUES -> AffinityValidation.podTerms(spec).stream().anyMatch(Allowance::hasInvalidSelectors);
            case NODE_AFFINITY_VALUES -> hasInvalidNodeValues(spec);
            case SPREAD_SELECTORS -> anyError(spec, Allowance::spreadSelectors);
            case SPREAD_KEYS ->
                anyError(
                        spec,
                        field -> field.child("topologySpreadConstraints")
                                .each(constraint -> SpreadValidation.keys(constraint)));
            case TOKEN_PATHS -> ProjectedVolumes.hasTokenOutside(spec);
            case HOST_SYSCTLS -> SecurityValidation.hasHostSysctl(spec);
            case SELINUX_CHANGE_POLICIES -> spec.path("securityContext").hasNonNull("seLinuxChangePolicy");
            case TOLERATION_COMPARISONS -> comparesTaints(spec);
            case DEVICES_OF_USER_NAMESPACES ->
                hasUserNamespace(spec)
                        && Containers.nodes(spec).stream()
                                .anyMatch(c -> !c.path("volumeDevices").isEmpty());
            case HOST_NETWORK_OF_USER_NAMESPACES ->
                hasUserNamespace(spec) && spec.path("hostNetwork").asBoolean();
            case RESTARTS_OF_INIT_CONTAINERS -> restartsInitContainers(spec);
        };
    }

    private static boolean anyError(JsonNode spec, Consumer<Field> check) {
        var field = Field.of(spec, new ArrayList<>());
        check.accept(field);
        return !field.errors().isEmpty();
    }

    private static boolean hasInvalidSelectors(JsonNode term) {
        return anyError(term, AffinityValidation::selectors);
    }

    private static void spreadSelectors(Field spec) {
        spec.child("topologySpreadConstraints").each(c -> SelectorRules.check(c.child("labelSelector")));
    }

    private static boolean hasInvalidNodeValues(JsonNode spec) {
        var terms = spec.path("affinity")
                .path("nodeAffinity")
                .path("requiredDuringSchedulingIgnoredDuringExecution")
                .path("nodeSelectorTerms");
        for (var term : terms) {
            for (var expression : term.path("matchExpressions")) {
                for (var value : expression.path("values")) {
                    if (!LabelFormat.value(value.asText()).isEmpty()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean comparesTaints(JsonNode spec) {
        for (var toleration : spec.path("tolerations")) {
            String operator = toleration.path("operator").asText("");
            if (operator.equals("Lt") || operator.equals("Gt")) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasUserNamespace(JsonNode spec) {
        return spec.has("hostUsers") && !spec.path("hostUsers").asBoolean();
    }

    private static boolean restartsInitContainers(JsonNode spec) {
        for (var container : spec.path("initContainers")) {
            if (!Containers.isSidecar(container)) {
                for (var policy : container.path("resizePolicy")) {
                    if (policy.path("restartPolicy").asText().equals("RestartContainer")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
