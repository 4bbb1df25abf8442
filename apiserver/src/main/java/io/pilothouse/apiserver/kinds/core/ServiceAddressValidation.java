package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold for a service's clusterIPs and families, and for their changes. */
public final class ServiceAddressValidation {
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final String UNCHANGEABLE = "may not change once set";

    private ServiceAddressValidation() {}

    /** All that is wrong with a service's addresses and families, whatever the cluster has. */
    public static List<FieldError> validate(ObjectNode service, @Nullable ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var view = ServiceSpec.of(service);
        if (view.isExternalName()) {
            return errors;
        }
        var spec = Field.at(view.tree(), SPEC, errors);
        first(spec);
        families(spec);
        if (spec.child("ipFamilyPolicy").present()) {
            spec.child("ipFamilyPolicy").oneOf("PreferDualStack", "RequireDualStack", "SingleStack");
        }
        if (addresses(spec, old == null ? List.of() : ServiceSpec.of(old).clusterIps())) {
            ofFamilies(spec, view);
        }
        return errors;
    }

    private static void first(Field spec) {
        var ip = spec.child("clusterIP");
        var ips = spec.child("clusterIPs");
        if (ip.isEmpty()) {
            if (!ips.isEmpty()) {
                ips.invalid("must be empty when `clusterIP` is not specified");
            }
        } else if (ips.isEmpty()) {
            ips.required("");
        } else if (!ips.value().get(0).asText().equals(ip.text())) {
            ips.invalid("first value must match `clusterIP`");
        }
    }

    private static void families(Field spec) {
        var seen = new HashSet<String>();
        spec.child("ipFamilies").each(family -> {
            family.oneOf("IPv4", "IPv6");
            if (!seen.add(family.text())) {
                family.duplicate();
            }
        });
    }

    private static boolean addresses(Field spec, List<String> old) {
        var ips = spec.child("clusterIPs");
        boolean valid = true;
        var items = ips.items();
        for (int i = 0; i < items.size(); i++) {
            if (i == 0 && items.get(i).is(ServiceSpec.NONE)) {
                valid &= items.size() == 1 || ips.invalid("'None' must be the first and only value");
            } else {
                valid &= LegacyAddresses.ip(items.get(i), old);
            }
        }
        if (items.size() > 2) {
            ips.invalid("may only hold up to 2 values");
        }
        return valid;
    }

    private static void ofFamilies(Field spec, ServiceSpec view) {
        var ips = spec.child("clusterIPs");
        var texts = view.clusterIps();
        if (texts.size() > 1
                && texts.stream().map(ServiceAddressValidation::isV6).distinct().count() < texts.size()) {
            ips.invalid("may specify no more than one IP for each IP family");
        }
        if (view.isHeadless()) {
            return;
        }
        var families = view.families();
        for (int i = 0; i < Math.min(texts.size(), families.size()); i++) {
            String family = families.get(i);
            boolean sixth = isV6(texts.get(i));
            if ((family.equals("IPv4") && sixth) || (family.equals("IPv6") && !sixth)) {
                ips.items().get(i).invalid("expected an " + family + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
    }

    private static boolean isV6(String text) {
        return IpAddress.parse(text).map(IpAddress::isV6).orElse(false);
    }

    /** The first address stays; a second may come and, with its family, go. */
    static List<FieldError> clusterIpChanges(ServiceSpec spec, ServiceSpec old) {
        var errors = new ArrayList<FieldError>();
        if (spec.isExternalName() || old.isExternalName() || (spec.isHeadless() && old.isHeadless())) {
            return errors;
        }
        var now = spec.clusterIps();
        var before = old.clusterIps();
        var path = SPEC.child("clusterIPs");
        if (before.size() == now.size()) {
            for (int i = 0; i < now.size(); i++) {
                if (!now.get(i).equals(before.get(i))) {
                    errors.add(FieldError.invalid(path.index(i), shown(spec.get("clusterIPs")), UNCHANGEABLE));
                }
            }
            return errors;
        }
        if (now.isEmpty()) {
            errors.add(FieldError.invalid(
                    path.index(0), shown(spec.get("clusterIPs")), "primary clusterIP can not be unset"));
        } else if (!before.isEmpty() && !now.getFirst().equals(before.getFirst())) {
            errors.add(FieldError.invalid(path.index(0), shown(spec.get("clusterIPs")), UNCHANGEABLE));
        }
        if (before.size() > now.size() && now.size() == 1) {
            requireSingle(spec, "clusterIP", errors);
        }
        return errors;
    }

    private static void requireSingle(ServiceSpec spec, String what, List<FieldError> errors) {
        if (!spec.familyPolicy().equals("SingleStack")) {
            errors.add(FieldError.invalid(
                    SPEC.child("ipFamilyPolicy"),
                    shown(spec.get("ipFamilyPolicy")),
                    "must be set to 'SingleStack' when releasing the secondary " + what));
        }
    }

    /** The first family stays as the first address does. */
    static List<FieldError> familyChanges(ServiceSpec spec, ServiceSpec old) {
        var errors = new ArrayList<FieldError>();
        if (spec.isExternalName() || old.isExternalName() || spec.isHeadless() || old.isHeadless()) {
            return errors;
        }
        var now = spec.families();
        var before = old.families();
        // Upstream always names the first family here, and shows the addresses where the number of families changed.
        var path = SPEC.child("ipFamilies").index(0);
        if (before.size() == now.size()) {
            for (int i = 0; i < now.size(); i++) {
                if (!now.get(i).equals(before.get(i))) {
                    errors.add(FieldError.invalid(path, shown(spec.get("ipFamilies")), UNCHANGEABLE));
                }
            }
            return errors;
        }
        if (before.size() > now.size() && spec.clusterIps().isEmpty()) {
            errors.add(FieldError.invalid(path, shown(spec.get("ipFamilies")), "primary ipFamily can not be unset"));
        }
        if (!now.isEmpty() && !before.isEmpty() && !now.getFirst().equals(before.getFirst())) {
            errors.add(FieldError.invalid(path, shown(spec.get("clusterIPs")), UNCHANGEABLE));
        }
        if (before.size() > now.size() && now.size() == 1) {
            requireSingle(spec, "ipFamily", errors);
        }
        return errors;
    }

    private static @Nullable Object shown(JsonNode value) {
        return value.isMissingNode() ? null : value;
    }
}
