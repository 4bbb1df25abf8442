package io.pilothouse.apiserver.kinds.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.ClaimSpecRules;
import io.pilothouse.apiserver.kinds.WorkloadRules;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.kinds.pod.SameValue;
import io.pilothouse.apiserver.kinds.pod.TemplateValidation;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What must hold for the spec of a stateful set, and what of it may change. */
final class StatefulSetRules {
    private static final List<String> MUTABLE = List.of(
            "replicas",
            "template",
            "updateStrategy",
            "minReadySeconds",
            "ordinals",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy");

    private StatefulSetRules() {}

    static void check(Field spec, PodRules rules) {
        check(spec, rules, true, true);
    }

    /**
     * @param fresh whether what cannot change is checked too
     * @param withTemplate whether the template's pods are checked
     */
    private static void check(Field spec, PodRules rules, boolean fresh, boolean withTemplate) {
        var policy = spec.child("podManagementPolicy");
        if (policy.mustExist() && !policy.is("OrderedReady") && !policy.is("Parallel")) {
            policy.invalid("must be 'OrderedReady' or 'Parallel'");
        }
        strategy(spec.child("updateStrategy"));
        spec.child("persistentVolumeClaimRetentionPolicy").ifPresent(retention -> {
            retention.child("whenDeleted").oneOf("Retain", "Delete");
            retention.child("whenScaled").oneOf("Retain", "Delete");
        });
        if (fresh) {
            spec.child("volumeClaimTemplates").each(claim -> ClaimSpecRules.check(claim.child("spec")));
        }
        WorkloadRules.notNegative(spec, "replicas", "minReadySeconds");
        spec.child("ordinals", "start").notNegative();
        if (fresh && !spec.child("serviceName").isEmpty()) {
            spec.child("serviceName").matches(LabelFormat::label);
        }
        var selector = spec.child("selector");
        WorkloadRules.selector(selector, "statefulset");
        var template = spec.child("template");
        var parsed = WorkloadRules.parsed(selector);
        if (parsed.isEmpty()) {
            selector.invalid("");
        } else {
            if (!parsed.get().isEverything()) {
                WorkloadRules.matches(template, parsed.get());
            }
            template(template, spec.value(), rules, withTemplate);
        }
        WorkloadRules.restartsAlways(template, "StatefulSet");
    }

    private static void strategy(Field strategy) {
        var rolling = strategy.child("rollingUpdate");
        switch (strategy.child("type").text()) {
            case "" -> strategy.required("");
            case "OnDelete" -> {
                if (rolling.present()) {
                    rolling.invalid(
                            InternalForm.of("RollingUpdateStatefulSetStrategy", rolling.value()),
                            "only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            case "RollingUpdate" -> rolling.ifPresent(StatefulSetRules::rollingUpdate);
            default ->
                strategy.invalid(
                        InternalForm.of("StatefulSetUpdateStrategy", strategy.value()),
                        "must be 'RollingUpdate' or 'OnDelete'");
        }
    }

    private static void rollingUpdate(Field rolling) {
        rolling.child("partition").notNegative();
        rolling.child("maxUnavailable").ifPresent(unavailable -> {
            WorkloadRules.amount(unavailable);
            if (WorkloadRules.valueOf(unavailable) == 0) {
                unavailable.invalid("cannot be 0");
            }
            WorkloadRules.notMoreThanAll(unavailable);
        });
    }

    /** The pods as they will be: with the claims' volumes, and with host names that the set gives. */
    private static void template(Field template, JsonNode spec, PodRules rules, boolean withPods) {
        var errors = new ArrayList<FieldError>();
        var pods = Field.at(asMade(template.value(), spec), template.path(), errors);
        if (withPods) {
            TemplateValidation.check(pods, rules);
        }
        // Upstream checks these once more.
        TemplateValidation.labelsAndAnnotations(pods, rules);
        template.errors().addAll(errors);
    }

    private static JsonNode asMade(JsonNode template, JsonNode spec) {
        var claims = spec.path("volumeClaimTemplates");
        if (!(template.deepCopy() instanceof ObjectNode made) || !(made.get("spec") instanceof ObjectNode pods)) {
            return template;
        }
        pods.remove(List.of("hostname", "subdomain"));
        if (claims.isEmpty()) {
            return made;
        }
        var names = new HashSet<String>();
        ArrayNode volumes = JsonNodeFactory.instance.arrayNode();
        for (var claim : claims) {
            String name = claim.path("metadata").path("name").asText("");
            if (names.add(name)) {
                volumes.addObject()
                        .put("name", name)
                        .putObject("persistentVolumeClaim")
                        .put("claimName", name);
            }
        }
        for (var volume : pods.path("volumes")) {
            if (!names.contains(volume.path("name").asText(""))) {
                volumes.add(volume);
            }
        }
        pods.set("volumes", volumes);
        return made;
    }

    static void update(Field spec, JsonNode old, PodRules rules) {
        var oldErrors = new ArrayList<FieldError>();
        check(Field.at(old, FieldPath.of("spec"), oldErrors), rules, false, true);
        // What was wrong before stays writable.
        check(spec, rules, false, oldErrors.isEmpty());
        if (!(spec.value().deepCopy() instanceof ObjectNode rest)) {
            return;
        }
        for (String field : MUTABLE) {
            if (old.has(field)) {
                rest.set(field, old.get(field));
            } else {
                rest.remove(field);
            }
        }
        if (!SameValue.of(rest, old)) {
            spec.forbidden(
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy',"
                            + " 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
        }
    }
}
