package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Carries the ownership of the number of replicas between an object and its Scale. Entries that a write to the scale adds carry no
 * time, as upstream's do. Immutable.
 */
public final class ScaleManagedFields {
    private static final String SCALE_VERSION = "autoscaling/v1";
    private static final FieldSet SCALE_REPLICAS = FieldSet.ofFields("spec.replicas");

    private final String parentVersion;
    private final Map<String, String> replicasPaths;

    /**
     * @param parentVersion the apiVersion in which the parent is written
     * @param replicasPaths the replicas' path of each apiVersion of the parent, such as {@code spec.replicas}; empty where that version has none
     */
    public ScaleManagedFields(String parentVersion, Map<String, String> replicasPaths) {
        this.parentVersion = parentVersion;
        this.replicasPaths = Map.copyOf(replicasPaths);
    }

    /** Gives a Scale the entries of those who own the parent's replicas. */
    public void toScale(ObjectNode parent, ObjectNode scale) {
        Managers out = new Managers();
        Managers.read(parent).owners().forEach((key, owned) -> {
            if (owns(owned)) {
                ManagerKey scaleKey =
                        key.isApply() ? key : ManagerKey.update(key.manager(), SCALE_VERSION, key.subresource());
                out.put(scaleKey, new Owned(SCALE_REPLICAS, SCALE_VERSION, owned.time()));
            }
        });
        out.write(scale);
    }

    /** Gives the parent what a write left in the Scale's entries. */
    public void toParent(ObjectNode scale, ObjectNode parent) {
        Managers scaled = Managers.read(scale);
        Managers out = new Managers();
        Managers.read(parent).owners().forEach((key, owned) -> {
            if (!replicasPaths.containsKey(owned.apiVersion())) {
                return;
            }
            ManagerKey scaleKey =
                    key.isApply() ? key : ManagerKey.update(key.manager(), SCALE_VERSION, key.subresource());
            if (owns(owned) && scaled.owners().remove(scaleKey) == null) {
                out.put(key, owned.with(owned.fields().difference(replicas(owned.apiVersion()))));
            } else {
                out.put(key, owned);
            }
        });
        scaled.owners().forEach((key, owned) -> {
            if (!owned.fields().intersection(SCALE_REPLICAS).isEmpty()) {
                ManagerKey parentKey =
                        key.isApply() ? key : ManagerKey.update(key.manager(), parentVersion, key.subresource());
                out.put(parentKey, new Owned(replicas(parentVersion), parentVersion, ""));
            }
        });
        out.write(parent);
    }

    private FieldSet replicas(String version) {
        String path = replicasPaths.getOrDefault(version, "");
        return path.isEmpty() ? new FieldSet() : FieldSet.ofFields(path);
    }

    private boolean owns(Owned owned) {
        return !owned.fields().intersection(replicas(owned.apiVersion())).isEmpty();
    }
}
