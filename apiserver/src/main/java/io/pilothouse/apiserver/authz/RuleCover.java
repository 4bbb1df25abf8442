package io.pilothouse.apiserver.authz;

import java.util.ArrayList;
import java.util.List;

/** Whether what somebody holds covers what they would give: the escalation check of RBAC. */
public final class RuleCover {
    private RuleCover() {}

    /** The parts of {@code wanted}, broken down to one verb, group and resource each, that {@code held} does not cover. */
    public static List<PolicyRule> missing(List<PolicyRule> held, List<PolicyRule> wanted) {
        var missing = new ArrayList<PolicyRule>();
        for (var rule : wanted) {
            for (var single : breakDown(rule)) {
                if (held.stream().noneMatch(h -> covers(h, single))) {
                    missing.add(single);
                }
            }
        }
        return missing;
    }

    private static List<PolicyRule> breakDown(PolicyRule rule) {
        var out = new ArrayList<PolicyRule>();
        for (String group : rule.apiGroups()) {
            for (String resource : rule.resources()) {
                for (String verb : rule.verbs()) {
                    if (rule.resourceNames().isEmpty()) {
                        out.add(new PolicyRule(List.of(verb), List.of(group), List.of(resource), List.of(), List.of()));
                    }
                    for (String name : rule.resourceNames()) {
                        out.add(new PolicyRule(
                                List.of(verb), List.of(group), List.of(resource), List.of(name), List.of()));
                    }
                }
            }
        }
        for (String url : rule.nonResourceUrls()) {
            for (String verb : rule.verbs()) {
                out.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
            }
        }
        return out;
    }

    private static boolean covers(PolicyRule held, PolicyRule single) {
        if (!all(held.verbs(), single.verbs())) {
            return false;
        }
        if (!single.nonResourceUrls().isEmpty()) {
            return single.nonResourceUrls().stream()
                    .allMatch(wanted -> held.nonResourceUrls().stream().anyMatch(h -> urlCovers(h, wanted)));
        }
        boolean names = held.resourceNames().isEmpty()
                || (!single.resourceNames().isEmpty() && held.resourceNames().containsAll(single.resourceNames()));
        return names
                && all(held.apiGroups(), single.apiGroups())
                && resourcesCover(held.resources(), single.resources());
    }

    private static boolean resourcesCover(List<String> held, List<String> wanted) {
        return wanted.stream().allMatch(resource -> {
            if (held.contains("*") || held.contains(resource)) {
                return true;
            }
            int slash = resource.indexOf('/');
            return slash >= 0 && held.contains("*" + resource.substring(slash));
        });
    }

    private static boolean urlCovers(String held, String wanted) {
        return held.equals(wanted) || (held.endsWith("*") && wanted.startsWith(held.substring(0, held.length() - 1)));
    }

    private static boolean all(List<String> held, List<String> wanted) {
        return held.contains("*") || held.containsAll(wanted);
    }
}
