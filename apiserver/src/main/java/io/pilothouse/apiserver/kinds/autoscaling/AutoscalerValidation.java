package io.pilothouse.apiserver.kinds.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.ArrayList;
import java.util.List;

/**
 * What must hold for autoscalers. An update may keep a target that an older server took, and the minimum of 0 that a server with
 * another feature gate took.
 *
 * @param least the smallest minimum of replicas
 * @param anyTarget whether the target's version is not looked at
 * @param anyGroup whether the target may be of the core group
 * @param anyDescribed whether the versions of objects with metrics are not looked at
 */
record AutoscalerValidation(int least, boolean anyTarget, boolean anyGroup, boolean anyDescribed) {
    private static final int MAX_WINDOW = 3600;
    private static final int MAX_PERIOD = 1800;

    static List<FieldError> create(ObjectNode object) {
        return of(object.path("spec"), MissingNode.getInstance()).check(object);
    }

    static List<FieldError> update(ObjectNode object, ObjectNode old) {
        return of(object.path("spec"), old.path("spec")).check(object);
    }

    private static AutoscalerValidation of(JsonNode spec, JsonNode old) {
        var target = spec.path("scaleTargetRef");
        var before = old.path("scaleTargetRef");
        boolean same = !before.isMissingNode()
                && target.path("apiVersion")
                        .asText()
                        .equals(before.path("apiVersion").asText())
                && target.path("kind").asText().equals(before.path("kind").asText());
        boolean badBefore = old.path("metrics")
                .valueStream()
                .map(metric -> metric.path("object").path("describedObject"))
                .anyMatch(described -> isBadVersion(described.path("apiVersion").asText()));
        return new AutoscalerValidation(
                old.path("minReplicas").asInt(1) == 0 ? 0 : 1,
                same,
                !same && target.path("kind").asText().equals("ReplicationController"),
                badBefore);
    }

    private static boolean isBadVersion(String version) {
        return version.indexOf('/') != version.lastIndexOf('/');
    }

    private List<FieldError> check(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        var spec = Field.of(object, errors).child("spec");
        var min = spec.child("minReplicas");
        if (min.present() && min.number() < least) {
            min.invalid("must be greater than or equal to " + least);
        }
        var max = spec.child("maxReplicas");
        if (max.number() == 0) {
            max.required("must be set and greater than 0");
        } else if (max.number() < 0) {
            max.invalid(max.number(), "must be greater than or equal to 1");
        }
        if (min.present() && max.number() < min.number()) {
            max.invalid(max.number(), "must be greater than or equal to `minReplicas`");
        }
        reference(spec.child("scaleTargetRef"), anyTarget, anyGroup);
        var metrics = spec.child("metrics");
        var rules = new MetricValidation(anyDescribed);
        metrics.each(rules::check);
        if (min.present()
                && min.number() == 0
                && metrics.items().stream()
                        .map(metric -> metric.child("type"))
                        .noneMatch(type -> type.is("Object") || type.is("External"))) {
            metrics.forbidden(
                    "must specify at least one Object or External metric to support scaling to zero replicas");
        }
        spec.child("behavior").ifPresent(behavior -> {
            behavior.child("scaleUp").ifPresent(AutoscalerValidation::scaling);
            behavior.child("scaleDown").ifPresent(AutoscalerValidation::scaling);
        });
        return errors;
    }

    /** A reference to an object of any group. */
    static void reference(Field reference, boolean anyVersion, boolean anyGroup) {
        for (String part : new String[] {"kind", "name"}) {
            var field = reference.child(part);
            if (field.mustExist()) {
                field.matches(NameRule::pathSegmentProblems);
            }
        }
        if (anyVersion) {
            return;
        }
        var version = reference.child("apiVersion");
        if (isBadVersion(version.text())) {
            version.invalid("unexpected GroupVersion string: " + version.text());
        } else if (!anyGroup && version.text().indexOf('/') <= 0) {
            version.invalid("apiVersion must specify API group");
        }
    }

    private static void scaling(Field rules) {
        var window = rules.child("stabilizationWindowSeconds");
        if (window.number() < 0) {
            window.invalid("must be greater than or equal to zero");
        }
        if (window.number() > MAX_WINDOW) {
            window.invalid("must be less than or equal to " + MAX_WINDOW);
        }
        rules.child("selectPolicy").ifPresent(select -> select.oneOf("Disabled", "Max", "Min"));
        var policies = rules.child("policies");
        if (policies.isEmpty()) {
            policies.required("must specify at least one Policy");
        }
        policies.each(policy -> {
            policy.child("type").oneOf("Percent", "Pods");
            positive(policy.child("value"));
            var period = policy.child("periodSeconds");
            positive(period);
            if (period.number() > MAX_PERIOD) {
                period.invalid("must be less than or equal to " + MAX_PERIOD);
            }
        });
        rules.child("tolerance").ifPresent(Field::quantityNotNegative);
    }

    private static void positive(Field field) {
        if (field.number() <= 0) {
            field.invalid(field.number(), "must be greater than zero");
        }
    }

    static List<FieldError> status(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        var status = Field.of(object, errors).child("status");
        status.child("currentReplicas").notNegative();
        status.child("desiredReplicas").notNegative();
        return errors;
    }
}
