package io.pilothouse.apiserver.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.quantity.Quantity;
import io.pilothouse.machinery.quota.Amounts;
import io.pilothouse.machinery.quota.PodResources;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Compares what objects ask for with a limit range; the texts are upstream's. */
final class LimitRules {
    private final String type;
    private final Map<String, Quantity> requests;
    private final Map<String, Quantity> limits;

    private LimitRules(String type, Map<String, Quantity> requests, Map<String, Quantity> limits) {
        this.type = type;
        this.requests = requests;
        this.limits = limits;
    }

    /** All that is wrong with a pod, each once. */
    static List<String> pod(JsonNode range, JsonNode pod) {
        var errors = new LinkedHashSet<String>();
        for (var limit : range.path("spec").path("limits")) {
            String type = limit.path("type").asText("");
            if (type.equals("Container")) {
                for (String list : List.of("containers", "initContainers")) {
                    for (var container : pod.path("spec").path(list)) {
                        var resources = container.path("resources");
                        errors.addAll(new LimitRules(
                                        type,
                                        Amounts.read(resources.path("requests")),
                                        Amounts.read(resources.path("limits")))
                                .check(limit));
                    }
                }
            } else if (type.equals("Pod")) {
                var resources = PodResources.specified(pod);
                errors.addAll(new LimitRules(type, resources.requests(), resources.limits()).check(limit));
            }
        }
        return List.copyOf(errors);
    }

    /** All that is wrong with a claim, each once. */
    static List<String> claim(JsonNode range, JsonNode claim) {
        var errors = new LinkedHashSet<String>();
        var rules = new LimitRules(
                "PersistentVolumeClaim",
                Amounts.read(claim.path("spec").path("resources").path("requests")),
                Map.of());
        for (var limit : range.path("spec").path("limits")) {
            if (limit.path("type").asText("").equals(rules.type)) {
                Amounts.read(limit.path("min"))
                        .forEach((name, bound) -> rules.min(name, bound).ifPresent(errors::add));
                Amounts.read(limit.path("max"))
                        .forEach((name, bound) -> rules.maxRequest(name, bound).ifPresent(errors::add));
            }
        }
        return List.copyOf(errors);
    }

    private List<String> check(JsonNode limit) {
        List<String> errors = new ArrayList<>();
        Amounts.read(limit.path("min"))
                .forEach((name, bound) -> min(name, bound).ifPresent(errors::add));
        Amounts.read(limit.path("max"))
                .forEach((name, bound) -> max(name, bound).ifPresent(errors::add));
        Amounts.read(limit.path("maxLimitRequestRatio"))
                .forEach((name, bound) -> ratio(name, bound).ifPresent(errors::add));
        return errors;
    }

    private Optional<String> min(String name, Quantity bound) {
        String head = "minimum " + name + " usage per " + type + " is " + bound;
        var request = requests.get(name);
        var limit = limits.get(name);
        if (request == null) {
            return Optional.of(head + ".  No request is specified");
        }
        if (request.compareTo(bound) < 0) {
            return Optional.of(head + ", but request is " + request);
        }
        return limit != null && limit.compareTo(bound) < 0
                ? Optional.of(head + ", but limit is " + limit)
                : Optional.empty();
    }

    private Optional<String> maxRequest(String name, Quantity bound) {
        String head = "maximum " + name + " usage per " + type + " is " + bound;
        var request = requests.get(name);
        if (request == null) {
            return Optional.of(head + ".  No request is specified");
        }
        return request.compareTo(bound) > 0 ? Optional.of(head + ", but request is " + request) : Optional.empty();
    }

    private Optional<String> max(String name, Quantity bound) {
        String head = "maximum " + name + " usage per " + type + " is " + bound;
        var request = requests.get(name);
        var limit = limits.get(name);
        if (limit == null) {
            return Optional.of(head + ".  No limit is specified");
        }
        if (limit.compareTo(bound) > 0) {
            return Optional.of(head + ", but limit is " + limit);
        }
        return request != null && request.compareTo(bound) > 0
                ? Optional.of(head + ", but request is " + request)
                : Optional.empty();
    }

    private Optional<String> ratio(String name, Quantity bound) {
        String head = name + " max limit to request ratio per " + type + " is " + bound;
        var request = requests.get(name);
        var limit = limits.get(name);
        if (request == null || request.isZero()) {
            return Optional.of(head + ", but no request is specified or request is 0");
        }
        if (limit == null || limit.isZero()) {
            return Optional.of(head + ", but no limit is specified or limit is 0");
        }
        double given = limit.toDouble() / request.toDouble();
        return given > bound.toDouble()
                ? Optional.of(head + String.format(Locale.ROOT, ", but provided ratio is %f", given))
                : Optional.empty();
    }
}
