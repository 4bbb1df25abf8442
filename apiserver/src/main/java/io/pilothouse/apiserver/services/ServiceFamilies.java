package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.core.ServiceAddressValidation;
import io.pilothouse.apiserver.kinds.core.ServiceSpec;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills a service's ipFamilyPolicy and ipFamilies, by what the cluster has. */
final class ServiceFamilies {
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath POLICY = SPEC.child("ipFamilyPolicy");
    private static final String SINGLE = "SingleStack";
    private static final String PREFER_DUAL = "PreferDualStack";
    private static final String REQUIRE_DUAL = "RequireDualStack";

    private final ServiceRanges ranges;

    ServiceFamilies(ServiceRanges ranges) {
        this.ranges = ranges;
    }

    /**
     * Fills both fields.
     *
     * @throws io.pilothouse.machinery.status.StatusException 422 for what contradicts itself or the cluster
     */
    void fill(ObjectNode service, @Nullable ObjectNode old) {
        var spec = ServiceSpec.of(service);
        var before = old == null ? null : ServiceSpec.of(old);
        if (spec.isExternalName() || (before != null && keepsPreferredFamilies(spec, before))) {
            return;
        }
        if (!spec.has("ipFamilyPolicy")) {
            spec.set("ipFamilyPolicy", defaultPolicy(spec, before));
        }
        refuse(service, ServiceAddressValidation.validate(service, old));
        var errors = new ArrayList<FieldError>();
        if (before != null) {
            reduce(spec, before, errors);
        }
        singleStack(spec, errors);
        familiesOfAddresses(spec, errors);
        refuse(service, errors);
        if (spec.clusterIp().equals(ServiceSpec.NONE) && spec.get("selector").isEmpty()) {
            ofUnknownEndpoints(spec);
            return;
        }
        servedFamilies(spec, errors);
        refuse(service, errors);
        addSecond(spec);
    }

    /** Whether a service prefers two families as before: then it is not changed with the cluster. */
    static boolean keepsPreferredFamilies(ServiceSpec spec, ServiceSpec old) {
        return spec.has("ipFamilyPolicy")
                && old.text("type").equals(spec.text("type"))
                && (spec.isType("ClusterIP") || spec.hasNodePorts())
                && spec.familyPolicy().equals(PREFER_DUAL)
                && (!old.has("ipFamilyPolicy") || old.familyPolicy().equals(PREFER_DUAL))
                && old.clusterIps().equals(spec.clusterIps())
                && old.families().equals(spec.families());
    }

    private static String defaultPolicy(ServiceSpec spec, @Nullable ServiceSpec before) {
        if (before != null && before.has("ipFamilyPolicy")) {
            return before.familyPolicy();
        }
        // Nobody knows what families the endpoints have that somebody else gives to such a service.
        return spec.clusterIp().equals(ServiceSpec.NONE) && spec.get("selector").isEmpty() ? REQUIRE_DUAL : SINGLE;
    }

    private static void reduce(ServiceSpec spec, ServiceSpec before, List<FieldError> errors) {
        var ips = spec.clusterIps();
        var families = spec.families();
        if (spec.familyPolicy().equals(SINGLE)) {
            if (ips.size() > 1 && before.clusterIps().equals(ips)) {
                spec.set("clusterIPs", ips.subList(0, 1));
            }
            if (families.size() > 1 && before.families().equals(families)) {
                spec.set("ipFamilies", families.subList(0, 1));
            }
            return;
        }
        if (!ips.isEmpty() && ips.size() < before.clusterIps().size()) {
            errors.add(FieldError.invalid(
                    POLICY, spec.familyPolicy(), "must be 'SingleStack' to release the secondary cluster IP"));
        }
        if (!families.isEmpty() && families.size() < before.families().size()) {
            errors.add(FieldError.invalid(
                    POLICY, spec.familyPolicy(), "must be 'SingleStack' to release the secondary IP family"));
        }
    }

    private static void singleStack(ServiceSpec spec, List<FieldError> errors) {
        if (!spec.familyPolicy().equals(SINGLE)) {
            return;
        }
        if (spec.clusterIps().size() == 2) {
            errors.add(FieldError.invalid(
                    POLICY,
                    spec.familyPolicy(),
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified"));
        }
        if (spec.families().size() == 2) {
            errors.add(FieldError.invalid(
                    POLICY,
                    spec.familyPolicy(),
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"));
        }
    }

    private void familiesOfAddresses(ServiceSpec spec, List<FieldError> errors) {
        var ips = spec.clusterIps();
        var families = new ArrayList<>(spec.families());
        for (int i = 0; i < ips.size() && !ips.get(i).equals(ServiceSpec.NONE); i++) {
            if (i < families.size()) {
                continue;
            }
            String family = IpAddress.parse(ips.get(i)).map(IpAddress::family).orElse("unknown");
            if (ranges.serves(family)) {
                families.add(family);
            } else {
                errors.add(FieldError.invalid(
                        SPEC.child("clusterIPs").index(i), ips, family + " is not configured on this cluster"));
            }
        }
        spec.set("ipFamilies", families);
    }

    /** A service with no addresses and no selector may have endpoints of any family, whatever the cluster has. */
    private void ofUnknownEndpoints(ServiceSpec spec) {
        var families = new ArrayList<>(spec.families());
        if (families.isEmpty()) {
            families.add(ranges.defaultFamily());
        }
        if (families.size() < 2 && !spec.familyPolicy().equals(SINGLE)) {
            families.add(other(families.getFirst()));
        }
        spec.set("ipFamilies", families);
    }

    private void servedFamilies(ServiceSpec spec, List<FieldError> errors) {
        if (spec.familyPolicy().equals(REQUIRE_DUAL) && !ranges.isDualStack()) {
            errors.add(FieldError.invalid(
                    POLICY, spec.familyPolicy(), "this cluster is not configured for dual-stack services"));
        }
        var families = spec.families();
        for (int i = 0; i < families.size(); i++) {
            if (!ranges.serves(families.get(i))) {
                errors.add(FieldError.invalid(
                        SPEC.child("ipFamilies").index(i), families.get(i), "not configured on this cluster"));
            }
        }
    }

    private void addSecond(ServiceSpec spec) {
        var families = new ArrayList<>(spec.families());
        if (families.isEmpty()) {
            families.add(ranges.defaultFamily());
        }
        if (!spec.familyPolicy().equals(SINGLE) && families.size() == 1 && ranges.isDualStack()) {
            families.add(other(families.getFirst()));
        }
        spec.set("ipFamilies", families);
    }

    private static String other(String family) {
        return family.equals("IPv4") ? "IPv6" : "IPv4";
    }

    private static void refuse(ObjectNode service, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ServiceReserver.invalid(service, errors);
        }
    }
}
