package io.pilothouse.iam.mapping;

import io.pilothouse.iam.token.VerifiedPrincipal;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Mappings in the ConfigMap kube-system/aws-auth. Its owner tells of every change. */
public final class ConfigMapMapper implements IdentityMapper {
    private final BooleanSupplier counts;
    private volatile MappingTable table = MappingTable.empty();

    /** @param counts whether the cluster's authentication mode lets the map count now; asked each time */
    public ConfigMapMapper(BooleanSupplier counts) {
        this.counts = counts;
    }

    /** Takes the map's data as it is now; an empty map when the ConfigMap is gone, which clears all mappings. */
    public void update(Map<String, String> data) {
        table = MappingTable.ofConfigMap(data);
    }

    @Override
    public String name() {
        return "EKSConfigMap";
    }

    @Override
    public Optional<IdentityMapping> find(VerifiedPrincipal principal) {
        return counts.getAsBoolean() ? table.find(principal) : Optional.empty();
    }
}
