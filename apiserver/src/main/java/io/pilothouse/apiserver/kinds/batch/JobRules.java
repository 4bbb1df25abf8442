package io.pilothouse.apiserver.kinds.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.WorkloadRules;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.kinds.pod.SameValue;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.SelectorRules;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.HashMap;
import java.util.List;

/** What must hold for a job, and what of it may change. */
final class JobRules {
    static final String PREFIX = "batch.kubernetes.io/";
    static final String CONTROLLER_UID = "controller-uid";
    static final String JOB_NAME = "job-name";

    private JobRules() {}

    /** @param prefixedLabels whether the pods must carry the labels with the domain, too; jobs from before these need not */
    static void check(Field job, PodRules rules, boolean prefixedLabels, boolean anyValues) {
        var spec = job.child("spec");
        generatedSelector(job, prefixedLabels);
        spec(spec, rules, anyValues);
        var completions = spec.child("completions");
        if (spec.child("completionMode").is(JobSpecRules.INDEXED) && completions.number() > 0) {
            var name = job.child("metadata", "name");
            String last = name.text() + "-" + (completions.number() - 1);
            if (!LabelFormat.label(last).isEmpty()) {
                name.invalid("will not able to create pod with invalid DNS label: " + last);
            }
        }
    }

    private static void spec(Field spec, PodRules rules, boolean anyValues) {
        JobSpecRules.check(spec, rules);
        var selector = spec.child("selector");
        if (selector.present()) {
            SelectorRules.check(selector, anyValues);
        } else {
            selector.required("");
        }
        WorkloadRules.parsed(selector).ifPresent(s -> WorkloadRules.matches(spec.child("template"), s));
    }

    /** The selector and the labels that the server makes, unless the client asked for its own. */
    private static void generatedSelector(Field job, boolean prefixedLabels) {
        var spec = job.child("spec");
        var selector = spec.child("selector");
        if (spec.child("manualSelector").isTrue() || !selector.present()) {
            return;
        }
        String uid = ObjectMeta.uid((ObjectNode) job.value());
        String name = ObjectMeta.name((ObjectNode) job.value());
        if (uid.isEmpty()) {
            job.child("metadata", "uid").required("");
        }
        var metadata = spec.child("template", "metadata");
        var expected = new HashMap<String, String>();
        for (String prefix : prefixedLabels ? List.of("", PREFIX) : List.of("")) {
            label(metadata, prefix + CONTROLLER_UID, uid);
            label(metadata, prefix + JOB_NAME, name);
            expected.put(prefix + CONTROLLER_UID, uid);
            expected.put(prefix + JOB_NAME, name);
        }
        WorkloadRules.parsed(selector)
                .filter(s -> !s.matches(expected))
                .ifPresent(s -> selector.invalid("`selector` not auto-generated"));
    }

    private static void label(Field metadata, String key, String expected) {
        var labels = metadata.child("labels");
        var value = labels.value().get(key);
        String words = "must be '" + expected + "'";
        if (value == null) {
            labels.add(FieldError.required(labels.path().key(key), words));
        } else if (!value.asText().equals(expected)) {
            labels.add(FieldError.invalid(labels.path().key(key), labels.value(), words));
        }
    }

    static void update(Field job, ObjectNode old, PodRules rules, boolean anyValues) {
        var spec = job.child("spec");
        var oldSpec = old.path("spec");
        spec(spec, rules, anyValues);
        completions(spec, oldSpec);
        spec.child("selector").immutable(oldSpec.path("selector"));
        template(spec, old);
        immutable(spec, oldSpec, "completionMode", "");
        immutable(spec, oldSpec, "podFailurePolicy", "PodFailurePolicy");
        immutable(spec, oldSpec, "backoffLimitPerIndex", "");
        immutable(spec, oldSpec, "managedBy", "");
        immutable(spec, oldSpec, "successPolicy", "SuccessPolicy");
    }

    /** Upstream prints what is not there as null. */
    private static void immutable(Field spec, JsonNode old, String name, String struct) {
        var field = spec.child(name);
        if (!SameValue.of(field.value(), old.path(name))) {
            JsonNode shown = !field.present()
                    ? JsonNodeFactory.instance.nullNode()
                    : struct.isEmpty() ? field.value() : InternalForm.of(struct, field.value());
            field.invalid(shown, "field is immutable");
        }
    }

    /** An indexed job grows and shrinks as its parallelism does. */
    private static void completions(Field spec, JsonNode old) {
        if (!spec.child("completionMode").is(JobSpecRules.INDEXED)) {
            immutable(spec, old, "completions", "");
            return;
        }
        var completions = spec.child("completions");
        if (completions.present()
                && !completions.value().equals(old.path("completions"))
                && completions.number() != spec.child("parallelism").number()) {
            // Upstream names the parallelism of no spec here.
            completions.invalid("can only be modified in tandem with spec.parallelism");
        }
    }

    /** A suspended job's pods may be told where to run and what to use, as long as it has none. */
    private static void template(Field spec, ObjectNode old) {
        var template = spec.child("template");
        var before = old.path("spec").path("template").deepCopy();
        boolean open = mayChangePods(old);
        if (open && before instanceof ObjectNode kept) {
            takeDirectives(kept, template.value());
        }
        if (!old.path("spec").path("suspend").asBoolean() || !open) {
            if (!SameValue.of(template.value(), before)) {
                template.invalid(InternalForm.of("PodTemplateSpec", template.value()), "field is immutable");
            }
            return;
        }
        takeResources(before.path("spec"), template.value().path("spec"));
        var pods = template.child("spec");
        if (!SameValue.of(pods.value(), before.path("spec"))) {
            pods.invalid(InternalForm.of("PodSpec", pods.value()), "field is immutable");
        }
    }

    private static boolean mayChangePods(ObjectNode old) {
        var status = old.path("status");
        return old.path("spec").path("suspend").asBoolean()
                && (!status.has("startTime") || JobConditions.holds(status, "Suspended"))
                && status.path("active").asLong() == 0;
    }

    private static void takeDirectives(ObjectNode kept, JsonNode template) {
        take(kept.withObjectProperty("metadata"), template.path("metadata"), "annotations");
        take(kept.withObjectProperty("metadata"), template.path("metadata"), "labels");
        var pods = kept.withObjectProperty("spec");
        for (String field : List.of("nodeSelector", "tolerations", "schedulingGates")) {
            take(pods, template.path("spec"), field);
        }
        take(pods.withObjectProperty("affinity"), template.path("spec").path("affinity"), "nodeAffinity");
    }

    private static void take(ObjectNode to, JsonNode from, String field) {
        var value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }

    private static void takeResources(JsonNode kept, JsonNode pods) {
        for (String list : List.of("containers", "initContainers")) {
            var before = kept.path(list);
            var now = pods.path(list);
            for (int i = 0; i < before.size() && before.size() == now.size(); i++) {
                if (before.get(i).path("name").equals(now.get(i).path("name"))) {
                    take((ObjectNode) before.get(i), now.get(i), "resources");
                }
            }
        }
    }
}
