package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A template that has been checked as far as it can be without values. */
record Template(JsonNode root) {
    private static final Set<String> SECTIONS = Set.of(
            "AWSTemplateFormatVersion",
            "Description",
            "Metadata",
            "Parameters",
            "Mappings",
            "Conditions",
            "Resources",
            "Outputs",
            "Rules");
    private static final Set<String> ATTRIBUTES = Set.of(
            "Type",
            "Properties",
            "DependsOn",
            "Condition",
            "Metadata",
            "CreationPolicy",
            "UpdatePolicy",
            "DeletionPolicy",
            "UpdateReplacePolicy");
    static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{(!?)([A-Za-z0-9:._ ]+)}");

    /** Parses and checks a template's text; resource types must be among the known ones. */
    static Template parse(String text, Map<String, ResourceProvider> providers) {
        Template template = new Template(TemplateReader.read(text));
        JsonNode root = template.root;
        if (!root.isObject()) {
            throw AwsException.validation("Template format error: unsupported structure.");
        }
        List<String> unknown = root.properties().stream()
                .map(Entry::getKey)
                .filter(k -> !SECTIONS.contains(k))
                .toList();
        if (!unknown.isEmpty()) {
            throw AwsException.validation("Invalid template property or properties " + unknown);
        }
        if (root.has("Rules")) {
            throw AwsException.validation("Template error: the section Rules is not supported here");
        }
        if (template.resources().isEmpty()) {
            throw AwsException.validation("Template format error: At least one Resources member must be defined.");
        }
        template.resources().forEach((id, resource) -> template.checkResource(id, resource, providers));
        template.order();
        return template;
    }

    private void checkResource(String id, JsonNode resource, Map<String, ResourceProvider> providers) {
        if (!id.matches("[A-Za-z0-9]+")) {
            throw AwsException.validation("Template format error: Resource name " + id + " is non alphanumeric.");
        }
        for (Entry<String, JsonNode> attribute : resource.properties()) {
            if (!ATTRIBUTES.contains(attribute.getKey())) {
                throw AwsException.validation("Invalid template resource property '" + attribute.getKey() + "'");
            }
        }
        String type = resource.path("Type").asText();
        ResourceProvider provider = providers.get(type);
        if (provider == null) {
            throw AwsException.validation("Template format error: Unrecognized resource types: [" + type + "]");
        }
        resource.path("Properties").properties().forEach(p -> {
            if (!provider.properties().contains(p.getKey())) {
                throw AwsException.validation(
                        "Encountered unsupported property " + p.getKey() + " of resource " + id + " (" + type + ")");
            }
        });
        String deletion = resource.path("DeletionPolicy").asText("Delete");
        if (!deletion.equals("Delete") && !deletion.equals("Retain")) {
            throw AwsException.validation(
                    "Template error: DeletionPolicy " + deletion + " of " + id + " is not supported here");
        }
        if (resource.has("UpdatePolicy")) {
            resource.path("UpdatePolicy").properties().forEach(p -> {
                if (!p.getKey().equals("AutoScalingRollingUpdate")) {
                    throw AwsException.validation(
                            "Template error: UpdatePolicy " + p.getKey() + " of " + id + " is not supported here");
                }
            });
        }
        for (String name : references(resource)) {
            if (!name.startsWith("AWS::")
                    && !root.path("Resources").has(name)
                    && !root.path("Parameters").has(name)) {
                throw AwsException.validation("Template format error: Unresolved resource dependencies [" + name
                        + "] in the Resources block of the template");
            }
        }
    }

    /** The members of a section, in the template's order. */
    Map<String, JsonNode> section(String name) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        root.path(name).properties().forEach(e -> members.put(e.getKey(), e.getValue()));
        return members;
    }

    Map<String, JsonNode> resources() {
        return section("Resources");
    }

    String description() {
        return root.path("Description").asText("");
    }

    /** The resources' names, each after those it depends on. */
    List<String> order() {
        List<String> done = new ArrayList<>();
        Set<String> under = new HashSet<>();
        resources().keySet().forEach(id -> visit(id, done, under));
        return done;
    }

    private void visit(String id, List<String> done, Set<String> under) {
        if (done.contains(id)) {
            return;
        }
        if (!under.add(id)) {
            throw AwsException.validation("Circular dependency between resources: " + new TreeSet<>(under));
        }
        dependencies(id).forEach(d -> visit(d, done, under));
        under.remove(id);
        done.add(id);
    }

    /** The resources that one depends on, said or implied. */
    Set<String> dependencies(String id) {
        JsonNode resource = root.path("Resources").path(id);
        Set<String> names = new TreeSet<>(references(resource));
        JsonNode said = resource.path("DependsOn");
        if (said.isTextual()) {
            names.add(said.asText());
        }
        said.forEach(d -> names.add(d.asText()));
        names.retainAll(resources().keySet());
        names.remove(id);
        return names;
    }

    /** Everything that Ref, Fn::GetAtt and Fn::Sub in a tree name. */
    static Set<String> references(JsonNode node) {
        Set<String> names = new TreeSet<>();
        collect(node, names);
        return names;
    }

    private static void collect(JsonNode node, Set<String> names) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, names));
        }
        for (Entry<String, JsonNode> e : node.properties()) {
            switch (e.getKey()) {
                case "Ref" -> names.add(e.getValue().asText());
                case "Fn::GetAtt" ->
                    names.add(
                            e.getValue().isArray()
                                    ? e.getValue().path(0).asText()
                                    : e.getValue().asText().split("\\.", 2)[0]);
                case "Fn::Sub" -> substitutions(e.getValue(), names);
                default -> collect(e.getValue(), names);
            }
        }
    }

    private static void substitutions(JsonNode sub, Set<String> names) {
        JsonNode own = sub.isArray() ? sub.path(1) : sub.path("none");
        Matcher m = SUBSTITUTION.matcher(sub.isArray() ? sub.path(0).asText() : sub.asText());
        while (m.find()) {
            if (m.group(1).isEmpty() && !own.has(m.group(2).strip())) {
                names.add(m.group(2).strip().split("\\.", 2)[0]);
            }
        }
        own.forEach(value -> collect(value, names));
    }
}
