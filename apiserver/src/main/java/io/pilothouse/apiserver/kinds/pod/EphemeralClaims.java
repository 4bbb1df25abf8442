package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.apiserver.kinds.ClaimSpecRules;
import io.pilothouse.machinery.field.Field;
import java.util.List;

/** The templates of claims that are made for a pod and go with it. */
final class EphemeralClaims {
    /** What of metadata a template may not say, in the order of upstream's fields. */
    private static final List<String> NOT_IN_TEMPLATES = List.of(
            "name",
            "generateName",
            "namespace",
            "selfLink",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "ownerReferences",
            "finalizers",
            "managedFields");

    private EphemeralClaims() {}

    static void check(Field source) {
        var template = source.child("volumeClaimTemplate");
        if (!template.present()) {
            template.required("");
            return;
        }
        var metadata = template.child("metadata");
        MetadataRules.annotations(metadata.child("annotations"));
        metadata.child("labels").labels();
        for (String field : NOT_IN_TEMPLATES) {
            if (!metadata.child(field).isEmpty()) {
                metadata.child(field).forbidden("cannot be set");
            }
        }
        ClaimSpecRules.check(template.child("spec"));
    }
}
