package io.pilothouse.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** An audit.k8s.io/v1 Policy: the first rule that matches a request says how much is told of it, and when. Immutable. */
public final class AuditPolicy {
    /** How a request is audited. */
    record Decision(Level level, Set<Stage> omitted, boolean omitManagedFields) {
        static final Decision NONE = new Decision(Level.NONE, Set.of(), false);
    }

    private record Resources(String group, List<String> resources, List<String> names) {
        boolean match(RequestInfo info) {
            if (!group.equals(info.group()) && !group.equals("*")) {
                return false;
            }
            return resources.isEmpty()
                    || ((names.isEmpty() || names.contains(info.name()))
                            && resources.stream().anyMatch(r -> matches(r, info)));
        }

        private static boolean matches(String resource, RequestInfo info) {
            return resource.equals("*")
                    || resource.equals(info.fullResource())
                    || (!info.subresource().isEmpty() && resource.equals("*/" + info.subresource()))
                    || resource.equals(info.resource() + "/*");
        }
    }

    private record Rule(
            Decision decision,
            List<String> users,
            List<String> groups,
            List<String> verbs,
            List<String> namespaces,
            List<Resources> resources,
            List<String> paths) {
        boolean matches(UserInfo user, RequestInfo info) {
            if ((!users.isEmpty() && !users.contains(user.name()))
                    || (!groups.isEmpty() && groups.stream().noneMatch(user::in))
                    || (!verbs.isEmpty() && !verbs.contains(info.verb()))) {
                return false;
            }
            if (!namespaces.isEmpty() || !resources.isEmpty()) {
                return info.isResource()
                        && (namespaces.isEmpty() || namespaces.contains(info.namespace()))
                        && (resources.isEmpty() || resources.stream().anyMatch(r -> r.match(info)));
            }
            return paths.isEmpty() || (!info.isResource() && paths.stream().anyMatch(p -> pathMatches(p, info.path())));
        }

        private static boolean pathMatches(String rule, String path) {
            return rule.equals("*")
                    || rule.equals(path)
                    || (rule.endsWith("*") && path.startsWith(rule.substring(0, rule.length() - 1)));
        }
    }

    private final List<Rule> rules;

    private AuditPolicy(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    Decision decide(UserInfo user, RequestInfo info) {
        for (var rule : rules) {
            if (rule.matches(user, info)) {
                return rule.decision();
            }
        }
        return Decision.NONE;
    }

    /** @throws IllegalArgumentException saying what is wrong with the file */
    public static AuditPolicy load(Path file) throws IOException {
        try {
            return of(Yaml.parse(Files.readAllBytes(file)).root(), file.toString());
        } catch (DecodeException e) {
            throw new IllegalArgumentException(
                    "loading audit policy file: failed decoding: " + e.getMessage() + ": from file " + file, e);
        }
    }

    static AuditPolicy of(JsonNode policy, String file) {
        if (!policy.path("kind").asText().equals("Policy")
                || !policy.path("apiVersion").asText().equals("audit.k8s.io/v1")) {
            throw new IllegalArgumentException(
                    "loading audit policy file: no audit.k8s.io/v1 Policy: from file " + file);
        }
        if (policy.path("rules").isEmpty()) {
            throw new IllegalArgumentException(
                    "loading audit policy file: loaded illegal policy with 0 rules from file " + file);
        }
        var errors = new ArrayList<FieldError>();
        var root = Field.of(policy, errors);
        var omitted = stages(root.child("omitStages"));
        boolean omitManagedFields = policy.path("omitManagedFields").asBoolean();
        var rules = new ArrayList<Rule>();
        root.child("rules").each(rule -> rules.add(rule(rule, omitted, omitManagedFields)));
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(
                    "loading audit policy file: " + FieldError.aggregate(errors) + ": from file " + file);
        }
        return new AuditPolicy(rules);
    }

    private static Rule rule(Field rule, Set<Stage> omitted, boolean omitManagedFields) {
        var level = rule.child("level");
        var parsed = Level.parse(level.text());
        if (level.isEmpty()) {
            level.required("");
        } else if (parsed.isEmpty()) {
            level.notSupported(List.of("None", "Metadata", "Request", "RequestResponse"));
        }
        checkTargets(rule);
        var stages = EnumSet.noneOf(Stage.class);
        stages.addAll(omitted);
        stages.addAll(stages(rule.child("omitStages")));
        var node = rule.value();
        var own = node.path("omitManagedFields");
        return new Rule(
                new Decision(parsed.orElse(Level.NONE), stages, own.isBoolean() ? own.asBoolean() : omitManagedFields),
                strings(node.path("users")),
                strings(node.path("userGroups")),
                strings(node.path("verbs")),
                strings(node.path("namespaces")),
                resources(node.path("resources")),
                strings(node.path("nonResourceURLs")));
    }

    private static void checkTargets(Field rule) {
        var paths = rule.child("nonResourceURLs");
        if (!paths.isEmpty()
                && (!rule.child("resources").isEmpty()
                        || !rule.child("namespaces").isEmpty())) {
            paths.invalid("rules cannot apply to both regular resources and non-resource URLs");
        }
        paths.each(path -> {
            String text = path.text();
            if (!text.equals("*")) {
                if (!text.startsWith("/")) {
                    path.invalid("non-resource URL rules must begin with a '/' character");
                }
                if (!text.isEmpty() && text.substring(0, text.length() - 1).contains("*")) {
                    path.invalid("non-resource URL wildcards '*' must be the final character of the rule");
                }
            }
        });
        rule.child("resources").each(resource -> {
            if (!resource.child("resourceNames").isEmpty()
                    && resource.child("resources").isEmpty()) {
                resource.child("resourceNames").invalid("using resourceNames requires at least one resource");
            }
        });
    }

    private static Set<Stage> stages(Field list) {
        var stages = EnumSet.noneOf(Stage.class);
        list.each(stage -> Stage.parse(stage.text())
                .ifPresentOrElse(
                        stages::add,
                        () -> stage.invalid(
                                "allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic")));
        return stages;
    }

    private static List<Resources> resources(JsonNode list) {
        var out = new ArrayList<Resources>();
        for (var entry : list) {
            out.add(new Resources(
                    entry.path("group").asText(""),
                    strings(entry.path("resources")),
                    strings(entry.path("resourceNames"))));
        }
        return List.copyOf(out);
    }

    private static List<String> strings(JsonNode array) {
        var out = new ArrayList<String>();
        array.forEach(value -> out.add(value.asText()));
        return List.copyOf(out);
    }
}
