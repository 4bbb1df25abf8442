package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;

/** What must hold for a core/v1 PodTemplateSpec: upstream's ValidatePodTemplateSpec. */
public final class TemplateValidation {
    private TemplateValidation() {}

    public static void check(Field template, PodRules rules) {
        labelsAndAnnotations(template, rules);
        var spec = template.child("spec");
        PodSpecValidation.check(spec, "", false, rules);
        var annotations = template.child("metadata", "annotations").value();
        ProfileRules.seccompMatches(annotations, spec);
        ProfileRules.appArmorMatches(annotations, spec);
        if (!spec.child("ephemeralContainers").isEmpty()) {
            spec.child("ephemeralContainers").forbidden("ephemeral containers not allowed in pod template");
        }
    }

    /** Upstream leaves "metadata" out of these paths. */
    public static void labelsAndAnnotations(Field template, PodRules rules) {
        var metadata = template.child("metadata").placedAt(template.path());
        metadata.child("labels").labels();
        var annotations = metadata.child("annotations");
        MetadataRules.annotations(annotations);
        PodAnnotations.check(annotations, template.child("spec"), rules);
    }
}
