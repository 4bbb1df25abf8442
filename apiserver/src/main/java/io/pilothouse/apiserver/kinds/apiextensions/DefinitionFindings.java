package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the server notes of a definition in its conditions, without refusing it: schemas of older times, groups of the community. */
public final class DefinitionFindings {
    private static final String NON_STRUCTURAL = "NonStructuralSchema";
    private static final String APPROVAL = "KubernetesAPIApprovalPolicyConformant";

    private DefinitionFindings() {}

    /** Brings the conditions to what is so; answers whether anything changed. */
    public static boolean note(ObjectNode definition, Instant now) {
        boolean changed = structure(definition, now);
        return approval(definition, now) || changed;
    }

    private static boolean structure(ObjectNode definition, Instant now) {
        var violations = violations(definition);
        if (violations.isEmpty()) {
            return DefinitionConditions.remove(definition, NON_STRUCTURAL);
        }
        return DefinitionConditions.set(
                definition, NON_STRUCTURAL, "True", "Violations", FieldError.aggregate(violations), now);
    }

    private static List<FieldError> violations(ObjectNode definition) {
        var spec = DefinitionForms.toOld(definition.deepCopy()).path("spec");
        var out = new ArrayList<FieldError>();
        var common = spec.path("validation").path("openAPIV3Schema");
        if (common.isObject()) {
            out.addAll(StructuralRules.validate(common, FieldPath.of("spec", "validation", "openAPIV3Schema")));
        }
        int i = 0;
        for (var version : spec.path("versions")) {
            var schema = version.path("schema").path("openAPIV3Schema");
            var path = FieldPath.of("spec", "versions").index(i++).child("schema", "openAPIV3Schema");
            if (schema.isObject()) {
                out.addAll(StructuralRules.validate(schema, path));
            }
        }
        if (spec.path("preserveUnknownFields").asBoolean()) {
            out.add(FieldError.invalid(FieldPath.of("spec", "preserveUnknownFields"), true, "must be false"));
        }
        return out;
    }

    private static boolean approval(ObjectNode definition, Instant now) {
        if (!ApiApproval.isGuarded(definition)) {
            return DefinitionConditions.remove(definition, APPROVAL);
        }
        String link = ObjectMeta.annotations(definition).getOrDefault(ApiApproval.ANNOTATION, "");
        return switch (ApiApproval.state(definition)) {
            case APPROVED ->
                DefinitionConditions.set(
                        definition, APPROVAL, "True", "ApprovedAnnotation", "approved in " + link, now);
            case BYPASSED ->
                DefinitionConditions.set(
                        definition, APPROVAL, "False", "UnapprovedAnnotation", "not approved: \"" + link + "\"", now);
            case MISSING ->
                DefinitionConditions.set(
                        definition, APPROVAL, "False", "MissingAnnotation", ApiApproval.MISSING_TEXT, now);
            case INVALID ->
                DefinitionConditions.set(
                        definition, APPROVAL, "False", "InvalidAnnotation", ApiApproval.INVALID_TEXT, now);
        };
    }
}
