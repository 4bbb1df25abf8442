package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.TextFormat;
import java.util.HashSet;

/** What must hold for a core/v1 PodSpec: upstream's ValidatePodSpec, in its order, each concern in a class of its own. */
final class PodSpecValidation {
    private PodSpecValidation() {}

    /**
     * @param pod the pod's name; empty for a template
     * @param mirror whether the pod shows one that a kubelet runs by itself
     */
    static void check(Field spec, String pod, boolean mirror, PodRules rules) {
        if (!spec.child("terminationGracePeriodSeconds").present()) {
            spec.child("terminationGracePeriodSeconds").required("");
        }
        var volumes = VolumeValidation.check(spec.child("volumes"), pod, rules);
        resourceClaims(spec.child("resourceClaims"), mirror);
        var scope = new PodScope(spec.value(), rules, volumes);
        ContainerValidation.regular(spec.child("containers"), scope);
        ContainerValidation.init(spec.child("initContainers"), scope);
        ContainerValidation.ephemeral(spec.child("ephemeralContainers"), scope);
        PodResourceRules.check(spec, scope);
        PortValidation.hostNetwork(spec, rules.isPod());
        RestartValidation.pod(spec.child("restartPolicy"));
        spec.child("dnsPolicy").requiredOneOf("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        spec.child("nodeSelector").labels();
        SecurityValidation.pod(spec, rules);
        AffinityValidation.check(spec.child("affinity"), rules);
        NetworkValidation.dns(spec);
        gates(spec);
        SpreadValidation.check(spec.child("topologySpreadConstraints"), rules);
        WindowsValidation.hostProcesses(spec);
        SecurityValidation.userNamespace(spec, rules);
        NetworkValidation.hostnameOverride(spec);
        names(spec);
        TolerationRules.check(spec.child("tolerations"), rules);
        NetworkValidation.hostAliases(spec.child("hostAliases"));
        classes(spec, rules);
        WindowsValidation.operatingSystem(spec);
        spec.child("schedulingGroup").ifPresent(PodSpecValidation::schedulingGroup);
        EnvironmentValidation.fileVolumes(spec);
    }

    private static void resourceClaims(Field claims, boolean mirror) {
        var names = new HashSet<String>();
        claims.each(claim -> {
            if (mirror) {
                claim.add(new FieldError(
                        FieldError.Type.FORBIDDEN, "", "", "static pods do not support resource claims"));
                return;
            }
            var name = claim.child("name");
            if (name.mustExist()) {
                if (names.add(name.text())) {
                    name.matches(LabelFormat::label);
                } else {
                    name.duplicate();
                }
            }
            var own = claim.child("resourceClaimName");
            var template = claim.child("resourceClaimTemplateName");
            if (own.present() == template.present()) {
                claim.invalid(
                        InternalForm.of("PodResourceClaim", claim.value()),
                        own.present()
                                ? "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
                                : "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            }
            own.ifPresent(n -> n.matches(LabelFormat::subdomain));
            template.ifPresent(n -> n.matches(LabelFormat::subdomain));
        });
    }

    private static void gates(Field spec) {
        spec.child("readinessGates").each(gate -> gate.child("conditionType").matches(LabelFormat::key));
        var seen = new HashSet<String>();
        spec.child("schedulingGates").each(gate -> {
            String name = gate.child("name").text();
            LabelFormat.key(name).forEach(problem -> gate.invalid(name, problem));
            if (!seen.add(name)) {
                gate.duplicate(name);
            }
        });
    }

    private static void names(Field spec) {
        for (String field : new String[] {"serviceAccountName", "nodeName"}) {
            if (!spec.child(field).isEmpty()) {
                spec.child(field).matches(LabelFormat::subdomain);
            }
        }
        spec.child("activeDeadlineSeconds")
                .ifPresent(seconds -> seconds.hasNumber(s -> TextFormat.inRange(s, 1, Integer.MAX_VALUE)));
        for (String field : new String[] {"hostname", "subdomain"}) {
            if (!spec.child(field).isEmpty()) {
                spec.child(field).matches(LabelFormat::label);
            }
        }
    }

    private static void classes(Field spec, PodRules rules) {
        if (!spec.child("priorityClassName").isEmpty()) {
            spec.child("priorityClassName").matches(LabelFormat::subdomain);
        }
        spec.child("runtimeClassName").ifPresent(name -> name.matches(LabelFormat::subdomain));
        spec.child("preemptionPolicy").ifPresent(p -> p.requiredOneOf("PreemptLowerPriority", "Never"));
        spec.child("overhead").ifPresent(overhead -> ResourceRules.overhead(overhead, rules));
    }

    private static void schedulingGroup(Field group) {
        var name = group.child("podGroupName");
        if (name.present()) {
            name.matches(LabelFormat::subdomain);
        } else {
            name.add(FieldError.invalid(name.path(), null, "must specify one of: `podGroupName`"));
        }
    }
}
