package io.pilothouse.apiserver.fairness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A flowcontrol.apiserver.k8s.io FlowSchema, read for matching: which requests are of one flow family, and what tells its flows apart.
 *
 * @param level the name of its priority level
 */
record FlowSchema(
        String name, String uid, int precedence, String level, Distinguisher distinguisher, List<Rule> rules) {
    /** Those that are asked first come first. */
    static final Comparator<FlowSchema> ORDER =
            Comparator.comparingInt(FlowSchema::precedence).thenComparing(FlowSchema::name);

    /** What makes requests of a schema different flows. */
    enum Distinguisher {
        NONE,
        USER,
        NAMESPACE
    }

    /** Requests of any of these subjects for any of these things. */
    record Rule(List<Subject> subjects, List<ResourceRule> resources, List<PathRule> paths) {
        private boolean matches(UserInfo user, RequestInfo info) {
            return subjects.stream().anyMatch(s -> s.matches(user))
                    && (info.isResource()
                            ? resources.stream().anyMatch(r -> r.matches(info))
                            : paths.stream().anyMatch(p -> p.matches(info)));
        }
    }

    /** A user, a group, or service accounts. */
    record Subject(String kind, String namespace, String name) {
        boolean matches(UserInfo user) {
            return switch (kind) {
                case "User" -> name.equals("*") || name.equals(user.name());
                case "Group" -> name.equals("*") || user.in(name);
                default -> {
                    String prefix = "system:serviceaccount:" + namespace + ":";
                    yield user.name().startsWith(prefix)
                            && (name.equals("*") || user.name().length() == prefix.length() + name.length())
                            && (name.equals("*") || user.name().endsWith(name));
                }
            };
        }
    }

    /** Verbs on resources. */
    record ResourceRule(
            List<String> verbs,
            List<String> groups,
            List<String> resources,
            boolean clusterScope,
            List<String> namespaces) {
        boolean matches(RequestInfo info) {
            return has(verbs, info.verb())
                    && has(resources, info.fullResource())
                    && has(groups, info.group())
                    && (info.namespace().isEmpty() ? clusterScope : has(namespaces, info.namespace()));
        }
    }

    /** Verbs on paths. */
    record PathRule(List<String> verbs, List<String> paths) {
        boolean matches(RequestInfo info) {
            return has(verbs, info.verb()) && paths.stream().anyMatch(path -> covers(path, info.path()));
        }

        private static boolean covers(String rule, String path) {
            if (rule.equals("*") || rule.equals(path)) {
                return true;
            }
            String prefix = rule.endsWith("*") ? rule.substring(0, rule.length() - 1) : rule;
            return path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/");
        }
    }

    private static boolean has(List<String> list, String wanted) {
        return (list.size() == 1 && list.getFirst().equals("*")) || list.contains(wanted);
    }

    boolean matches(UserInfo user, RequestInfo info) {
        for (var rule : rules) {
            if (rule.matches(user, info)) {
                return true;
            }
        }
        return false;
    }

    /** What tells the flow of a request from others of the schema. */
    String flowOf(UserInfo user, RequestInfo info) {
        return switch (distinguisher) {
            case NONE -> "";
            case USER -> user.name();
            case NAMESPACE -> info.namespace();
        };
    }

    static FlowSchema of(ObjectNode object) {
        var spec = object.path("spec");
        var rules = new ArrayList<Rule>();
        for (var rule : spec.path("rules")) {
            rules.add(new Rule(subjects(rule), resources(rule), paths(rule)));
        }
        return new FlowSchema(
                ObjectMeta.name(object),
                ObjectMeta.uid(object),
                spec.path("matchingPrecedence").asInt(),
                spec.path("priorityLevelConfiguration").path("name").asText(),
                switch (spec.path("distinguisherMethod").path("type").asText("")) {
                    case "ByUser" -> Distinguisher.USER;
                    case "ByNamespace" -> Distinguisher.NAMESPACE;
                    default -> Distinguisher.NONE;
                },
                List.copyOf(rules));
    }

    private static List<Subject> subjects(JsonNode rule) {
        var out = new ArrayList<Subject>();
        for (var subject : rule.path("subjects")) {
            String kind = subject.path("kind").asText();
            var named = subject.path(
                    switch (kind) {
                        case "User" -> "user";
                        case "Group" -> "group";
                        default -> "serviceAccount";
                    });
            out.add(new Subject(
                    kind, named.path("namespace").asText(""), named.path("name").asText("")));
        }
        return List.copyOf(out);
    }

    private static List<ResourceRule> resources(JsonNode rule) {
        var out = new ArrayList<ResourceRule>();
        for (var resource : rule.path("resourceRules")) {
            out.add(new ResourceRule(
                    strings(resource.path("verbs")),
                    strings(resource.path("apiGroups")),
                    strings(resource.path("resources")),
                    resource.path("clusterScope").asBoolean(),
                    strings(resource.path("namespaces"))));
        }
        return List.copyOf(out);
    }

    private static List<PathRule> paths(JsonNode rule) {
        var out = new ArrayList<PathRule>();
        for (var path : rule.path("nonResourceRules")) {
            out.add(new PathRule(strings(path.path("verbs")), strings(path.path("nonResourceURLs"))));
        }
        return List.copyOf(out);
    }

    private static List<String> strings(JsonNode array) {
        var out = new ArrayList<String>();
        array.forEach(value -> out.add(value.asText()));
        return List.copyOf(out);
    }
}
