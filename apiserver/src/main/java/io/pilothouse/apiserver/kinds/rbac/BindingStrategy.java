package io.pilothouse.apiserver.kinds.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;

/** What RoleBinding and ClusterRoleBinding have in common: whom they name, and a role that never changes. */
record BindingStrategy(boolean namespaced) implements Strategy {
    private static final String GROUP = "rbac.authorization.k8s.io";

    @Override
    public void defaults(ObjectNode object) {
        Trees.with(object, "roleRef", role -> Trees.fill(role, "apiGroup", GROUP));
        Trees.each(object, "subjects", subject -> {
            String kind = subject.path("kind").asText();
            if (kind.equals("User") || kind.equals("Group")) {
                Trees.fill(subject, "apiGroup", GROUP);
            }
        });
    }

    @Override
    public List<FieldError> validate(ObjectNode object, WriteContext context) {
        var errors = new ArrayList<FieldError>();
        var binding = Field.of(object, errors);
        var role = binding.child("roleRef");
        role.child("apiGroup").oneOf(GROUP);
        if (namespaced) {
            role.child("kind").oneOf("Role", "ClusterRole");
        } else {
            role.child("kind").oneOf("ClusterRole");
        }
        if (role.child("name").mustExist()) {
            role.child("name").matches(NameRule.PATH_SEGMENT::problems);
        }
        binding.child("subjects").each(this::subject);
        return errors;
    }

    private void subject(Field subject) {
        var name = subject.child("name");
        var group = subject.child("apiGroup");
        name.mustExist();
        switch (subject.child("kind").text()) {
            case "ServiceAccount" -> {
                if (!name.isEmpty()) {
                    name.matches(LabelFormat::subdomain);
                }
                if (!group.isEmpty()) {
                    group.notSupported(List.of(""));
                }
                if (!namespaced) {
                    subject.child("namespace").mustExist();
                }
            }
            case "User", "Group" -> group.oneOf(GROUP);
            default -> subject.child("kind").notSupported(List.of("ServiceAccount", "User", "Group"));
        }
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
        var errors = new ArrayList<>(validate(object, context));
        if (!object.path("roleRef").equals(old.path("roleRef"))) {
            Field.of(object, errors).child("roleRef").invalid(shown(object.path("roleRef")), "cannot change roleRef");
        }
        return errors;
    }

    /** Upstream shows its internal type here, whose fields have no JSON names. */
    private static ObjectNode shown(JsonNode role) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("APIGroup", role.path("apiGroup").asText())
                .put("Kind", role.path("kind").asText())
                .put("Name", role.path("name").asText());
    }
}
