package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.TextFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold for a service. */
final class ServiceValidation {
    static final String SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
    static final String TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";
    static final String TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";
    private static final long LONGEST_AFFINITY_SECONDS = 86_400;

    private final ObjectNode service;
    private final @Nullable ObjectNode old;
    private final List<FieldError> errors = new ArrayList<>();
    private final ServiceSpec view;
    private final Field spec;

    private ServiceValidation(ObjectNode service, @Nullable ObjectNode old) {
        this.service = service;
        this.old = old;
        this.view = ServiceSpec.of(service);
        this.spec = Field.at(view.tree(), FieldPath.of("spec"), errors);
    }

    /** @param old null for a new service */
    static List<FieldError> validate(ObjectNode service, @Nullable ObjectNode old) {
        var validation = new ServiceValidation(service, old);
        if (old != null) {
            validation.changes(ServiceSpec.of(old));
        }
        validation.whole();
        return validation.errors;
    }

    private void changes(ServiceSpec before) {
        errors.addAll(ServiceAddressValidation.clusterIpChanges(view, before));
        errors.addAll(ServiceAddressValidation.familyChanges(view, before));
        if (before.isLoadBalancer() && view.isLoadBalancer()) {
            spec.child("loadBalancerClass").immutable(before.get("loadBalancerClass"), "may not change once set");
        }
        loadBalancerClass();
        if (before.needsHealthCheck()
                && view.needsHealthCheck()
                && before.healthCheckNodePort() != view.healthCheckNodePort()) {
            spec.child("healthCheckNodePort").forbidden("field is immutable");
        }
    }

    private void whole() {
        topology();
        type();
        var names = new HashSet<String>();
        spec.child("ports").each(port -> port(port, names));
        spec.child("selector").labels();
        affinity();
        errors.addAll(ServiceAddressValidation.validate(service, old));
        externalIps();
        spec.child("type").requiredOneOf("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        uniquePorts();
        sourceRanges();
        loadBalancer();
        externalTraffic();
        internalTraffic();
    }

    private void topology() {
        var annotations = ObjectMeta.annotations(service);
        String hints = annotations.get(TOPOLOGY_HINTS);
        String mode = annotations.get(TOPOLOGY_MODE);
        if (hints != null && mode != null && !hints.equals(mode)) {
            errors.add(FieldError.invalid(
                    FieldPath.of("metadata", "annotations").key(TOPOLOGY_MODE),
                    mode,
                    "must match annotations[" + TOPOLOGY_HINTS + "] when both are specified"));
        }
    }

    private void type() {
        if (spec.child("ports").isEmpty() && !view.isHeadless() && !view.isExternalName()) {
            spec.child("ports").required("");
        }
        if (view.hasNodePorts() && view.isHeadless()) {
            spec.child("clusterIPs")
                    .items()
                    .getFirst()
                    .invalid("may not be set to 'None' for " + view.text("type") + " services");
        }
        if (!view.isExternalName()) {
            return;
        }
        for (String field : new String[] {"clusterIPs", "ipFamilies", "ipFamilyPolicy"}) {
            if (!spec.child(field).isEmpty()) {
                spec.child(field).forbidden("may not be set for ExternalName services");
            }
        }
        var name = spec.child("externalName");
        String text =
                name.text().endsWith(".") ? name.text().substring(0, name.text().length() - 1) : name.text();
        if (text.isEmpty()) {
            name.required("");
        } else {
            LabelFormat.subdomain(text).forEach(problem -> name.invalid(text, problem));
        }
    }

    private void port(Field port, Set<String> names) {
        var name = port.child("name");
        if (!name.isEmpty()) {
            name.matches(LabelFormat::label);
            if (!names.add(name.text())) {
                name.duplicate();
            }
        } else if (spec.child("ports").size() > 1) {
            name.required("");
        }
        port.child("port").hasNumber(TextFormat::portNumber);
        port.child("protocol").requiredOneOf("SCTP", "TCP", "UDP");
        var target = port.child("targetPort");
        if (target.value().isTextual()) {
            target.matches(TextFormat::portName);
        } else {
            target.hasNumber(TextFormat::portNumber);
        }
        port.child("appProtocol").ifPresent(protocol -> protocol.matches(LabelFormat::key));
    }

    private void affinity() {
        spec.child("sessionAffinity").requiredOneOf("ClientIP", "None");
        var config = spec.child("sessionAffinityConfig");
        if (spec.child("sessionAffinity").is("ClientIP")) {
            clientIp(config);
        } else if (spec.child("sessionAffinity").is("None") && config.present()) {
            config.forbidden("must not be set when session affinity is None");
        }
    }

    private static void clientIp(Field config) {
        String missing = "when session affinity type is ClientIP";
        var seconds = config.child("clientIP", "timeoutSeconds");
        if (!config.present()) {
            config.required(missing);
        } else if (!config.child("clientIP").present()) {
            config.child("clientIP").required(missing);
        } else if (!seconds.present()) {
            seconds.required(missing);
        } else if (seconds.number() <= 0 || seconds.number() > LONGEST_AFFINITY_SECONDS) {
            seconds.invalid("must be greater than 0 and less than " + LONGEST_AFFINITY_SECONDS);
        }
    }

    private void externalIps() {
        var before = old == null
                ? List.<String>of()
                : Trees.strings(ServiceSpec.of(old).get("externalIPs"));
        spec.child("externalIPs").each(ip -> {
            if (LegacyAddresses.ip(ip, before)) {
                ip.matches(IpFormat::nonSpecial);
            }
        });
    }

    private void uniquePorts() {
        if (view.isType("ClusterIP")) {
            spec.child("ports").each(port -> {
                if (!port.child("nodePort").isEmpty()) {
                    port.child("nodePort").forbidden("may not be used when `type` is 'ClusterIP'");
                }
            });
        }
        var nodePorts = new HashSet<String>();
        spec.child("ports").each(port -> {
            String protocol = port.child("protocol").text();
            var nodePort = port.child("nodePort");
            if (!nodePort.isEmpty() && !nodePorts.add(protocol + nodePort.number())) {
                nodePort.duplicate();
            }
        });
        var ports = new HashSet<String>();
        spec.child("ports").each(port -> {
            String protocol = port.child("protocol").text();
            long number = port.child("port").number();
            if (!ports.add(protocol + number)) {
                port.duplicate(portKey(protocol, number));
            }
        });
    }

    /** What upstream shows of a port that is there twice: its Go struct with nothing but the key. */
    private static ObjectNode portKey(String protocol, long number) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("Name", "")
                .put("Protocol", protocol)
                .putNull("AppProtocol")
                .put("Port", number)
                .put("TargetPort", 0)
                .put("NodePort", 0);
    }

    private void sourceRanges() {
        var ranges = spec.child("loadBalancerSourceRanges");
        if (!ranges.isEmpty()) {
            // Upstream writes the field like this.
            var at = ranges.placedAt(spec.path().child("LoadBalancerSourceRanges"));
            requireLoadBalancer(at);
            var before = new HashSet<String>();
            if (old != null) {
                ServiceSpec.of(old)
                        .get("loadBalancerSourceRanges")
                        .forEach(r -> before.add(r.asText().strip()));
            }
            at.each(range -> cidr(range.path(), range.text().strip(), before));
            return;
        }
        String annotation = ObjectMeta.annotations(service).get(SOURCE_RANGES);
        if (annotation == null) {
            return;
        }
        var path = FieldPath.of("metadata", "annotations").key(SOURCE_RANGES);
        if (!view.isLoadBalancer()) {
            errors.add(FieldError.forbidden(path, "may only be used when `type` is 'LoadBalancer'"));
        }
        boolean kept =
                old != null && annotation.equals(ObjectMeta.annotations(old).get(SOURCE_RANGES));
        if (!kept && !annotation.isBlank()) {
            for (String range : annotation.strip().split(",", -1)) {
                cidr(path, range.strip(), Set.of());
            }
        }
    }

    private void cidr(FieldPath path, String range, Set<String> before) {
        if (!before.contains(range)) {
            IpFormat.strictCidr(range).forEach(problem -> errors.add(FieldError.invalid(path, range, problem)));
        }
    }

    private void requireLoadBalancer(Field field) {
        if (!view.isLoadBalancer()) {
            field.forbidden("may only be used when `type` is 'LoadBalancer'");
        }
    }

    private void loadBalancer() {
        spec.child("allocateLoadBalancerNodePorts").ifPresent(this::requireLoadBalancer);
        if (view.isLoadBalancer()
                && !spec.child("allocateLoadBalancerNodePorts").present()) {
            errors.add(FieldError.required(FieldPath.of("allocateLoadBalancerNodePorts"), ""));
        }
        loadBalancerClass();
    }

    private void loadBalancerClass() {
        spec.child("loadBalancerClass").ifPresent(name -> {
            requireLoadBalancer(name);
            if (view.isLoadBalancer()) {
                name.matches(LabelFormat::key);
            }
        });
    }

    private void externalTraffic() {
        var policy = spec.child("externalTrafficPolicy");
        if (view.isExternallyAccessible()) {
            policy.requiredOneOf("Cluster", "Local");
        } else if (!policy.isEmpty()) {
            policy.invalid("may only be set for externally-accessible services");
        }
        var port = spec.child("healthCheckNodePort");
        if (!view.needsHealthCheck()) {
            if (!port.isEmpty()) {
                port.invalid("may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
            }
        } else if (port.mustExist()) {
            port.hasNumber(TextFormat::portNumber);
        }
    }

    private void internalTraffic() {
        var policy = spec.child("internalTrafficPolicy");
        if (policy.present()) {
            policy.oneOf("Cluster", "Local");
        } else if (view.hasNodePorts() || view.isType("ClusterIP")) {
            policy.required("");
        }
        spec.child("trafficDistribution").ifPresent(d -> d.oneOf("PreferClose", "PreferSameZone", "PreferSameNode"));
    }
}
