package io.pilothouse.machinery.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.quantity.Quantity;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts pods and what they ask for. A pod that has ended, or should have, uses nothing but its place in the count of objects. */
public final class PodUsage implements Evaluator {
    private static final String COUNT = "count/pods";
    private static final List<String> MEASURED = List.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> MUST_SAY =
            Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");
    private static final String HUGE_PAGES = "hugepages-";
    private static final String REQUESTS = "requests.";

    private final Clock clock;

    /** @param clock tells when a pod that is being deleted should have gone */
    public PodUsage(Clock clock) {
        this.clock = clock;
    }

    /** Whether a pod has a deadline. */
    public static boolean ends(JsonNode pod) {
        return pod.path("spec").path("activeDeadlineSeconds").asLong(-1) >= 0;
    }

    @Override
    public List<String> matching(Collection<String> wanted) {
        var known = new HashSet<>(List.of(COUNT, "pods"));
        for (String resource : MEASURED) {
            known.addAll(List.of(resource, REQUESTS + resource, "limits." + resource));
        }
        return wanted.stream()
                .filter(n -> known.contains(n) || isHugeOrExtended(n))
                .sorted()
                .toList();
    }

    private static boolean isHugeOrExtended(String name) {
        return name.startsWith(HUGE_PAGES) || name.startsWith(REQUESTS + HUGE_PAGES) || isExtendedRequest(name);
    }

    /** Whether a quota's resource is what is requested of an extended resource. */
    static boolean isExtendedRequest(String name) {
        return name.startsWith(REQUESTS) && isExtended(name.substring(REQUESTS.length()));
    }

    /** Whether a resource is named in a domain other than Kubernetes' own, or is a class of devices. */
    private static boolean isExtended(String name) {
        return (name.indexOf('/') >= 0 && !name.contains("kubernetes.io/"))
                || name.startsWith("deviceclass.resource.kubernetes.io/");
    }

    @Override
    public boolean scoped() {
        return true;
    }

    @Override
    public boolean inScope(JsonNode selector, JsonNode pod) {
        String scope = selector.path("scopeName").asText("");
        return switch (scope) {
            case "Terminating" -> ends(pod);
            case "NotTerminating" -> !ends(pod);
            case "BestEffort" -> isBestEffort(pod);
            case "NotBestEffort" -> !isBestEffort(pod);
            case "PriorityClass" -> {
                String name = pod.path("spec").path("priorityClassName").asText("");
                yield ScopeSelector.matches(selector, name.isEmpty() ? Map.of() : Map.of(scope, name));
            }
            case "CrossNamespacePodAffinity" ->
                crossesNamespaces(pod.path("spec").path("affinity"));
            default -> false;
        };
    }

    private static boolean isBestEffort(JsonNode pod) {
        String quality = pod.path("status").path("qosClass").asText("");
        if (!quality.isEmpty()) {
            return quality.equals("BestEffort");
        }
        var resources = PodResources.specified(pod);
        return List.of(resources.requests(), resources.limits()).stream()
                .allMatch(list -> Amounts.only(list, List.of("cpu", "memory")).values().stream()
                        .allMatch(Quantity::isZero));
    }

    private static boolean crossesNamespaces(JsonNode affinity) {
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            for (var term : affinity.path(kind).path("requiredDuringSchedulingIgnoredDuringExecution")) {
                if (crosses(term)) {
                    return true;
                }
            }
            for (var weighted : affinity.path(kind).path("preferredDuringSchedulingIgnoredDuringExecution")) {
                if (crosses(weighted.path("podAffinityTerm"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean crosses(JsonNode term) {
        return !term.path("namespaces").isEmpty()
                || term.path("namespaceSelector").isObject();
    }

    @Override
    public Optional<String> unmet(Collection<String> required, JsonNode pod) {
        if (!pod.path("spec").path("resources").path("requests").isEmpty()
                || !pod.path("spec").path("resources").path("limits").isEmpty()) {
            return Optional.empty();
        }
        Map<String, Set<String>> missing = new TreeMap<>();
        for (String list : List.of("containers", "initContainers")) {
            for (var container : pod.path("spec").path(list)) {
                var resources = container.path("resources");
                var said = measure(Amounts.read(resources.path("requests")), Amounts.read(resources.path("limits")));
                for (String name : required) {
                    if (MUST_SAY.contains(name) && !said.containsKey(name)) {
                        missing.computeIfAbsent(name, n -> new TreeSet<>())
                                .add(container.path("name").asText(""));
                    }
                }
            }
        }
        List<String> words = new ArrayList<>();
        missing.forEach((name, containers) -> words.add(name + " for: " + String.join(",", containers)));
        return words.isEmpty() ? Optional.empty() : Optional.of("must specify " + String.join("; ", words));
    }

    private static Map<String, Quantity> measure(Map<String, Quantity> requests, Map<String, Quantity> limits) {
        Map<String, Quantity> out = new TreeMap<>();
        out.put("pods", Quantity.of(1));
        requests.forEach((name, amount) -> {
            boolean measured = MEASURED.contains(name) || name.startsWith(HUGE_PAGES);
            if (measured) {
                out.put(name, amount);
            }
            if (measured || isExtended(name)) {
                out.put(REQUESTS + name, amount);
            }
        });
        limits.forEach((name, amount) -> {
            if (MEASURED.contains(name)) {
                out.put("limits." + name, amount);
            }
        });
        return out;
    }

    @Override
    public Map<String, Quantity> usage(JsonNode pod) {
        Map<String, Quantity> out = new TreeMap<>();
        out.put(COUNT, Quantity.of(1));
        if (runs(pod)) {
            var resources = PodResources.counted(pod);
            Amounts.add(out, measure(resources.requests(), resources.limits()));
        }
        return out;
    }

    /** Whether more than its place in the count of objects is used. */
    public boolean runs(JsonNode pod) {
        String phase = pod.path("status").path("phase").asText("");
        if (phase.equals("Failed") || phase.equals("Succeeded")) {
            return false;
        }
        var deletion = ObjectMeta.deletionTimestamp(pod);
        var grace = ObjectMeta.deletionGracePeriodSeconds(pod);
        return deletion.isEmpty()
                || grace.isEmpty()
                || !clock.instant().isAfter(deletion.get().plusSeconds(grace.get()));
    }
}
