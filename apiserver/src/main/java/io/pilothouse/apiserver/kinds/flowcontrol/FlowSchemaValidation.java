package io.pilothouse.apiserver.kinds.flowcontrol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What must hold for flow schemas. */
final class FlowSchemaValidation {
    private static final int MAX_PRECEDENCE = 10_000;
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch");

    private FlowSchemaValidation() {}

    static List<FieldError> check(ObjectNode schema, FlowControlDefaults defaults) {
        var errors = new ArrayList<FieldError>();
        var root = Field.of(schema, errors);
        var spec = root.child("spec");
        String name = ObjectMeta.name(schema);
        spec(spec, name);
        FlowControlDefaults.fixed(defaults.schemas(), name).ifPresent(fixed -> {
            if (!fixed.equals(spec.value())) {
                spec.invalid(
                        InternalForm.of("FlowSchemaSpec", spec.value()),
                        "spec of '" + name + "' must equal the fixed value");
            }
        });
        conditions(root.child("status", "conditions"));
        return errors;
    }

    private static void spec(Field spec, String name) {
        var precedence = spec.child("matchingPrecedence");
        if (precedence.number() <= 0) {
            precedence.invalid("must be a positive value");
        }
        if (precedence.number() > MAX_PRECEDENCE) {
            precedence.invalid("must not be greater than " + MAX_PRECEDENCE);
        }
        if (precedence.number() == 1 && !name.equals("exempt")) {
            precedence.invalid("only the schema named 'exempt' may have matchingPrecedence 1");
        }
        spec.child("distinguisherMethod").ifPresent(method -> {
            var type = method.child("type");
            if (!type.is("ByNamespace") && !type.is("ByUser")) {
                // Upstream prints the whole method, with Go's name of the field.
                type.add(FieldError.notSupported(
                        type.path(), java.util.Map.of("Type", type.text()), List.of("ByNamespace", "ByUser")));
            }
        });
        var level = spec.child("priorityLevelConfiguration", "name");
        if (level.isEmpty()) {
            level.required("must reference a priority level");
        } else {
            level.matches(LabelFormat::subdomain);
        }
        spec.child("rules").each(FlowSchemaValidation::rule);
    }

    private static void rule(Field rule) {
        var subjects = rule.child("subjects");
        if (subjects.isEmpty()) {
            subjects.required("subjects must contain at least one value");
        }
        subjects.each(FlowSchemaValidation::subject);
        var resources = rule.child("resourceRules");
        var others = rule.child("nonResourceRules");
        if (resources.isEmpty() && others.isEmpty()) {
            rule.required("at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        resources.each(FlowSchemaValidation::resourceRule);
        others.each(FlowSchemaValidation::nonResourceRule);
    }

    private static void subject(Field subject) {
        var kind = subject.child("kind");
        if (!kind.oneOf("Group", "ServiceAccount", "User")) {
            return;
        }
        switch (kind.text()) {
            case "ServiceAccount" -> serviceAccount(subject.child("serviceAccount"));
            case "User" -> named(subject.child("user"), "user is required when subject kind is 'User'");
            default -> named(subject.child("group"), "group is required when subject kind is 'Group'");
        }
        unwanted(subject, kind, "serviceAccount", "ServiceAccount");
        unwanted(subject, kind, "user", "User");
        unwanted(subject, kind, "group", "Group");
    }

    private static void unwanted(Field subject, Field kind, String field, String itsKind) {
        var child = subject.child(field);
        if (!kind.is(itsKind) && child.present()) {
            child.forbidden(field + " is forbidden when subject kind is not '" + itsKind + "'");
        }
    }

    private static void named(Field who, String missing) {
        if (who.present()) {
            who.child("name").mustExist();
        } else {
            who.required(missing);
        }
    }

    private static void serviceAccount(Field account) {
        if (!account.present()) {
            account.required("serviceAccount is required when subject kind is 'ServiceAccount'");
            return;
        }
        var name = account.child("name");
        if (name.mustExist() && !name.is("*")) {
            name.matches(LabelFormat::subdomain);
        }
        var namespace = account.child("namespace");
        if (namespace.isEmpty()) {
            namespace.required("must specify namespace for service account");
        } else {
            namespace.matches(LabelFormat::label);
        }
    }

    private static void verbs(Field verbs) {
        if (verbs.isEmpty()) {
            verbs.required("verbs must contain at least one value");
        } else if (hasStar(verbs)) {
            alone(verbs, "verbs");
        } else if (!Set.copyOf(VERBS).containsAll(texts(verbs))) {
            verbs.notSupported(VERBS);
        }
    }

    private static boolean hasStar(Field list) {
        return texts(list).contains("*");
    }

    private static List<String> texts(Field list) {
        return list.items().stream().map(Field::text).toList();
    }

    private static void alone(Field list, String what) {
        if (list.size() > 1) {
            list.invalid("if '*' is present, must not specify other " + what);
        }
    }

    private static void resourceRule(Field rule) {
        verbs(rule.child("verbs"));
        some(rule.child("apiGroups"), "resource rules must supply at least one api group", "api groups");
        some(rule.child("resources"), "resource rules must supply at least one resource", "resources");
        var namespaces = rule.child("namespaces");
        if (namespaces.isEmpty() && !rule.child("clusterScope").isTrue()) {
            namespaces.required("resource rules that are not cluster scoped must supply at least one namespace");
        } else if (hasStar(namespaces)) {
            alone(namespaces, "namespaces");
        } else {
            namespaces.each(namespace -> LabelFormat.label(namespace.text())
                    .forEach(problem ->
                            namespace.invalid("each member of this list must be '*' or a DNS-1123 label; " + problem)));
        }
    }

    private static void some(Field list, String missing, String what) {
        if (list.isEmpty()) {
            list.required(missing);
        } else if (hasStar(list)) {
            alone(list, what);
        }
    }

    private static void nonResourceRule(Field rule) {
        verbs(rule.child("verbs"));
        var urls = rule.child("nonResourceURLs");
        if (urls.isEmpty()) {
            urls.required("nonResourceURLs must contain at least one value");
        } else if (hasStar(urls)) {
            alone(urls, "non-resource URLs");
        } else {
            urls.each(FlowSchemaValidation::url);
        }
    }

    private static void url(Field url) {
        String path = url.text();
        if (path.isEmpty()) {
            url.invalid("must not be empty");
        } else if (!path.startsWith("/")) {
            url.invalid("must start with slash");
        } else if (path.contains(" ")) {
            url.invalid("must not contain white-space");
        } else if (path.contains("//")) {
            url.invalid("must not contain double slash");
        } else if (path.contains("*") && path.indexOf("/*") != path.length() - 2) {
            url.invalid("wildcard can only do suffix matching");
        }
    }

    /** Conditions of flow control have a type of their own, of which little is checked. */
    static void conditions(Field conditions) {
        var types = new java.util.HashSet<String>();
        conditions.each(condition -> {
            var type = condition.child("type");
            if (!types.add(type.text())) {
                type.duplicate();
            }
            type.mustExist();
        });
    }

    static List<FieldError> status(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        conditions(Field.of(object, errors).child("status", "conditions"));
        return errors;
    }
}
