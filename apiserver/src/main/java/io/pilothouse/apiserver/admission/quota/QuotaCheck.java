package io.pilothouse.apiserver.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.quantity.Quantity;
import io.pilothouse.machinery.quota.Amounts;
import io.pilothouse.machinery.quota.Evaluator;
import io.pilothouse.machinery.quota.ScopeSelector;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one write uses, and whether quotas let it. */
final class QuotaCheck {
    private final AdmissionRequest request;
    private final Evaluator evaluator;
    private final ObjectNode object;
    private final Map<String, Quantity> usage;

    QuotaCheck(AdmissionRequest request, Evaluator evaluator, ObjectNode object) {
        this.request = request;
        this.evaluator = evaluator;
        this.object = object;
        this.usage = evaluator.usage(object);
    }

    /**
     * Checks all quotas of a namespace together.
     *
     * @return the names of those that will have more used
     * @throws StatusException where one says no
     */
    List<String> check(List<ObjectNode> quotas, LimitedResources limited) {
        List<JsonNode> covered = new ArrayList<>();
        var restricted = new TreeSet<String>();
        Map<String, ObjectNode> interesting = new LinkedHashMap<>();
        for (var quota : quotas) {
            if (evaluator.scoped()) {
                ScopeSelector.of(quota).stream()
                        .filter(s -> evaluator.inScope(s, object))
                        .forEach(covered::add);
            }
            if (matches(quota, object)) {
                interesting.put(ObjectMeta.name(quota), quota);
                restricted.addAll(restricted(quota));
                requireCountable(quota);
            }
        }
        Map<String, ObjectNode> growing = new LinkedHashMap<>();
        interesting.forEach((name, quota) -> {
            if (!delta(quota).isEmpty()) {
                growing.put(name, quota);
            }
        });
        if (interesting.isEmpty() ? uncoveredDelta().isEmpty() : growing.isEmpty()) {
            return List.of();
        }
        requireCover(limited, restricted, covered);
        growing.values().forEach(this::newUsage);
        return List.copyOf(growing.keySet());
    }

    private boolean matches(JsonNode quota, JsonNode which) {
        return !restricted(quota).isEmpty()
                && ScopeSelector.of(quota).stream().allMatch(s -> evaluator.inScope(s, which));
    }

    private List<String> restricted(JsonNode quota) {
        return evaluator.matching(
                Amounts.read(quota.path("status").path("hard")).keySet());
    }

    private void requireCountable(ObjectNode quota) {
        var resources = restricted(quota);
        evaluator.unmet(resources, object).ifPresent(why -> {
            throw request.forbidden("failed quota: " + ObjectMeta.name(quota) + ": " + why);
        });
        var used = quota.path("status").path("used");
        if (!resources.stream().allMatch(used::has)) {
            throw request.forbidden("status unknown for quota: " + ObjectMeta.name(quota) + ", resources: "
                    + String.join(",", resources));
        }
        var negative = usage.entrySet().stream()
                .filter(e -> e.getValue().signum() < 0)
                .map(Map.Entry::getKey)
                .toList();
        if (!negative.isEmpty()) {
            throw request.forbidden("quota usage is negative for resource(s): " + String.join(",", negative));
        }
    }

    /** What more is used of a quota, without zeros. */
    private Map<String, Quantity> delta(ObjectNode quota) {
        var old = request.old();
        boolean counted = request.updates() && old != null && matches(quota, old);
        return withoutZeros(counted && old != null ? Amounts.subtract(usage, evaluator.usage(old)) : usage);
    }

    private Map<String, Quantity> uncoveredDelta() {
        var old = request.old();
        return withoutZeros(request.updates() && old != null ? Amounts.subtract(usage, evaluator.usage(old)) : usage);
    }

    private static Map<String, Quantity> withoutZeros(Map<String, Quantity> amounts) {
        Map<String, Quantity> out = new TreeMap<>(amounts);
        out.values().removeIf(Quantity::isZero);
        return out;
    }

    private void requireCover(LimitedResources limited, Set<String> restricted, List<JsonNode> covered) {
        if (limited.limits().isEmpty()) {
            return;
        }
        var names = limited.names(request.groupResource(), evaluator.usage(object));
        names.removeAll(restricted);
        if (!names.isEmpty()) {
            throw request.forbidden("insufficient quota to consume: " + String.join(",", names));
        }
        var scopes = limited.scopes(evaluator, object).stream()
                .filter(s -> covered.stream().noneMatch(c -> c.path("scopeName").equals(s.path("scopeName"))))
                .map(ScopeSelector::text)
                .toList();
        if (!scopes.isEmpty()) {
            throw StatusException.of(
                    500, "", "insufficient quota to match these scopes: [" + String.join(" ", scopes) + "]");
        }
    }

    /**
     * What is used of a quota afterwards.
     *
     * @throws StatusException 403 if that is too much
     */
    Map<String, Quantity> newUsage(ObjectNode quota) {
        var hard = Amounts.read(quota.path("status").path("hard"));
        var used = Amounts.read(quota.path("status").path("used"));
        var requested = Amounts.only(delta(quota), hard.keySet());
        var after = new TreeMap<>(used);
        Amounts.add(after, requested);
        if (!request.subresource().equals("status")) {
            var exceeded = requested.keySet().stream()
                    .filter(name -> Optional.ofNullable(after.get(name))
                            .filter(amount -> amount.compareTo(hard.getOrDefault(name, Quantity.ZERO)) > 0)
                            .isPresent())
                    .toList();
            if (!exceeded.isEmpty()) {
                throw request.forbidden("exceeded quota: " + ObjectMeta.name(quota) + ", requested: "
                        + Amounts.text(Amounts.only(requested, exceeded)) + ", used: "
                        + Amounts.text(Amounts.only(used, exceeded)) + ", limited: "
                        + Amounts.text(Amounts.only(hard, exceeded)));
            }
        }
        return after;
    }
}
