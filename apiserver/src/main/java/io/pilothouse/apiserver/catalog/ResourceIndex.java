package io.pilothouse.apiserver.catalog;

import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersion;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Finds resources: the built-in catalogue, and the same with the custom resources of the moment. */
public interface ResourceIndex {
    Collection<ResourceDefinition> definitions();

    Optional<ResourceDefinition> find(GroupResource resource);

    Optional<ResourceDefinition> find(GroupVersion version, String plural);

    Map<GroupVersion, Map<String, ResourceDefinition>> versions();

    /** The resource that an etcd key belongs to. */
    Optional<ResourceDefinition> ownerOf(String key);

    default boolean serves(GroupVersion version) {
        return versions().containsKey(version);
    }

    /** Whether all that is served of a group, if anything, is custom resources: there what is not served has no path at all. */
    default boolean isCustom(String group) {
        return versions().entrySet().stream()
                .filter(e -> e.getKey().group().equals(group))
                .allMatch(e -> e.getValue().values().stream().allMatch(ResourceDefinition::custom));
    }

    default boolean servesGroup(String group) {
        return versions().keySet().stream().anyMatch(v -> v.group().equals(group));
    }
}
