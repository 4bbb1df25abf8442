package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.ResourceNames;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What containers and pods may ask for and are limited to (core/v1 ResourceRequirements). */
public final class ResourceRules {
    private static final List<String> POD_RESOURCES = List.of("cpu", "hugepages-", "memory");

    private ResourceRules() {}

    /** Checks the name of a resource; what is wrong stands at its amount. */
    private interface NameCheck {
        void accept(String resource, Field amount);
    }

    /** What a list of amounts is about. */
    private record Found(boolean computing, boolean hugePages) {
        Found or(Found other) {
            return new Found(computing || other.computing, hugePages || other.hugePages);
        }

        void require(Field where) {
            if (hugePages && !computing) {
                where.forbidden("HugePages require cpu or memory");
            }
        }
    }

    static void container(Field resources, Set<String> podClaims, PodRules rules) {
        check(resources, ResourceRules::containerName, podClaims, rules);
    }

    /** The overhead of a runtime class; upstream takes it for limits and names them so. */
    public static void overhead(Field overhead, PodRules rules) {
        amounts(overhead.placedAt(overhead.path().child("limits")), ResourceRules::containerName, rules)
                .require(overhead);
    }

    static void pod(Field resources, Set<String> podClaims, PodRules rules) {
        check(resources, ResourceRules::podName, podClaims, rules);
    }

    private static void check(Field resources, NameCheck name, Set<String> podClaims, PodRules rules) {
        var limits = resources.child("limits");
        var requests = resources.child("requests");
        var limited = amounts(limits, name, rules);
        var asked = requests(requests, limits, name, rules);
        limited.or(asked).require(resources);
        claims(resources.child("claims"), podClaims);
    }

    private static Found amounts(Field amounts, NameCheck name, PodRules rules) {
        amounts.entries((resource, amount) -> {
            name.accept(resource, amount);
            quantity(resource, amount);
            hugePages(resource, amount, rules);
        });
        return found(amounts);
    }

    private static Found requests(Field requests, Field limits, NameCheck name, PodRules rules) {
        requests.entries((resource, amount) -> {
            name.accept(resource, amount);
            quantity(resource, amount);
            againstLimit(resource, amount, limits, requests);
            hugePages(resource, amount, rules);
        });
        return found(requests);
    }

    private static Found found(Field amounts) {
        return amounts.value()
                .propertyStream()
                .map(e -> new Found(
                        e.getKey().equals("cpu") || e.getKey().equals("memory"), ResourceNames.isHugePages(e.getKey())))
                .reduce(new Found(false, false), Found::or);
    }

    /** Upstream names the list of requests, not the request. */
    private static void againstLimit(String resource, Field amount, Field limits, Field requests) {
        var limit = limits.child(resource);
        boolean overcommit = ResourceNames.isOvercommitAllowed(resource);
        if (!limit.present()) {
            if (!overcommit) {
                limits.required("Limit must be set for non overcommitable resources");
            }
            return;
        }
        int order = Quantity.parse(amount.text()).compareTo(Quantity.parse(limit.text()));
        if (order != 0 && !overcommit) {
            requests.invalid(amount.text(), "must be equal to " + resource + " limit of " + limit.text());
        } else if (order > 0) {
            requests.invalid(amount.text(), "must be less than or equal to " + resource + " limit of " + limit.text());
        }
    }

    private static void quantity(String resource, Field amount) {
        var quantity = Quantity.parse(amount.text());
        if (quantity.signum() < 0) {
            amount.invalid("must be greater than or equal to 0");
        }
        if (ResourceNames.isWhole(resource) && quantity.toMilli() % 1000 != 0) {
            amount.invalid("must be an integer");
        }
    }

    private static void hugePages(String resource, Field amount, PodRules rules) {
        if (ResourceNames.isHugePages(resource)
                && !rules.allows(Allowance.BROKEN_HUGE_PAGES)
                && !ResourceNames.isWholePages(resource, Quantity.parse(amount.text()))) {
            amount.invalid(amount.text() + " is not positive integer multiple of " + resource);
        }
    }

    /** Whether an amount of huge pages is no multiple of their size. */
    static boolean hasBrokenHugePages(JsonNode spec) {
        var lists = new ArrayList<JsonNode>();
        for (var container : Containers.nodes(spec)) {
            lists.add(container.path("resources").path("limits"));
            lists.add(container.path("resources").path("requests"));
        }
        lists.add(spec.path("overhead"));
        return lists.stream()
                .flatMap(JsonNode::propertyStream)
                .anyMatch(e -> ResourceNames.isHugePages(e.getKey())
                        && !ResourceNames.isWholePages(
                                e.getKey(), Quantity.parse(e.getValue().asText())));
    }

    private static boolean name(String name, Field amount) {
        var problems = LabelFormat.key(name);
        problems.forEach(problem -> amount.invalid(name, problem));
        if (!problems.isEmpty()) {
            return false;
        }
        return name.indexOf('/') >= 0
                || ResourceNames.isStandard(name)
                || amount.invalid(name, "must be a standard resource type or fully qualified");
    }

    private static void containerName(String name, Field amount) {
        name(name, amount);
        if (name.indexOf('/') < 0) {
            if (!ResourceNames.isStandardForContainers(name)) {
                amount.invalid(name, "must be a standard resource for containers");
            }
        } else if (!ResourceNames.isNative(name) && !ResourceNames.isExtended(name)) {
            amount.invalid(name, "doesn't follow extended resource name standard");
        }
    }

    private static void podName(String name, Field amount) {
        if (name(name, amount) && !ResourceTotals.isForPods(name)) {
            amount.add(FieldError.notSupported(amount.path(), name, POD_RESOURCES));
        }
    }

    private static void claims(Field claims, Set<String> podClaims) {
        var seen = new HashSet<String>();
        claims.each(claim -> {
            String name = claim.child("name").text();
            if (name.isEmpty()) {
                claim.required("");
                return;
            }
            claim(claim, name, seen);
            if (!podClaims.contains(name)) {
                String others =
                        podClaims.isEmpty() ? " which is empty" : ": " + String.join(", ", new TreeSet<>(podClaims));
                claim.add(new FieldError(
                        FieldError.Type.NOT_FOUND,
                        claim.path().toString(),
                        name,
                        "must be one of the names in pod.spec.resourceClaims" + others));
            }
        });
    }

    /** All of a claim, or one of its requests, at most once. */
    private static void claim(Field claim, String name, Set<String> seen) {
        if (seen.contains(name)) {
            claim.duplicate(name);
            return;
        }
        var request = claim.child("request");
        if (!request.isEmpty()) {
            request.matches(LabelFormat::label);
        }
        String key = request.isEmpty() ? name : name + "/" + request.text();
        if (seen.contains(key)) {
            claim.duplicate(key);
        } else if (request.isEmpty()) {
            seen.stream().filter(other -> other.startsWith(name + "/")).forEach(other -> claim.duplicate(name));
        }
        seen.add(key);
    }
}
