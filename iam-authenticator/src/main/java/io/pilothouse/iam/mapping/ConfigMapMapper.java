package io.pilothouse.iam.mapping;

import io.pilothouse.iam.token.VerifiedPrincipal;
import java.util.Map;
import java.util.Optional;

/** Mappings in the ConfigMap kube-system/aws-auth. Its owner tells of every change. */
public final class ConfigMapMapper implements IdentityMapper {
    private volatile MappingTable table = MappingTable.empty();

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
        return table.find(principal);
    }
}
