package io.pilothouse.apiserver.catalog;

import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersion;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The resources that are served, by what a request says and by where they are stored. Immutable. */
public final class Catalog implements ResourceIndex {
    private final Map<GroupResource, ResourceDefinition> byResource = new LinkedHashMap<>();
    private final Map<GroupVersion, Map<String, ResourceDefinition>> byVersion = new LinkedHashMap<>();
    private final TreeMap<String, ResourceDefinition> byPrefix = new TreeMap<>();

    public Catalog(Collection<ResourceDefinition> definitions) {
        for (var definition : definitions) {
            if (byResource.put(definition.groupResource(), definition) != null) {
                throw new IllegalArgumentException(definition + " is declared twice");
            }
            for (var version : definition.versions()) {
                var resources = byVersion.computeIfAbsent(
                        new GroupVersion(version.kind().group(), version.kind().version()), v -> new LinkedHashMap<>());
                if (resources.put(definition.plural(), definition) != null) {
                    throw new IllegalArgumentException(definition + " is served twice in " + version.kind());
                }
            }
            if (definition.stored()) {
                byPrefix.put(definition.storagePrefix(), definition);
            }
        }
    }

    private Catalog(Catalog base) {
        byResource.putAll(base.byResource);
        base.byVersion.forEach((version, resources) -> byVersion.put(version, new LinkedHashMap<>(resources)));
        byPrefix.putAll(base.byPrefix);
    }

    /**
     * This catalogue with custom resources. Each of their definitions is served in its first version alone; what is there already
     * is not replaced.
     */
    public Catalog with(Collection<ResourceDefinition> custom) {
        var more = new Catalog(this);
        for (var definition : custom) {
            var present = more.byResource.putIfAbsent(definition.groupResource(), definition);
            if (present == null || present.custom()) {
                var version = definition.storageVersion().kind().groupVersion();
                more.byVersion
                        .computeIfAbsent(version, v -> new LinkedHashMap<>())
                        .putIfAbsent(definition.plural(), definition);
            }
        }
        return more;
    }

    @Override
    public Collection<ResourceDefinition> definitions() {
        return byResource.values();
    }

    @Override
    public Optional<ResourceDefinition> find(GroupResource resource) {
        return Optional.ofNullable(byResource.get(resource));
    }

    @Override
    public Optional<ResourceDefinition> find(GroupVersion version, String plural) {
        return Optional.ofNullable(byVersion.getOrDefault(version, Map.of()).get(plural));
    }

    @Override
    public Map<GroupVersion, Map<String, ResourceDefinition>> versions() {
        return byVersion;
    }

    @Override
    public Optional<ResourceDefinition> ownerOf(String key) {
        var candidate = byPrefix.floorEntry(key);
        while (candidate != null) {
            if (key.startsWith(candidate.getKey())) {
                return Optional.of(candidate.getValue());
            }
            if (!sharesStart(candidate.getKey(), key)) {
                return Optional.empty();
            }
            candidate = byPrefix.lowerEntry(candidate.getKey());
        }
        return Optional.empty();
    }

    private static boolean sharesStart(String prefix, String key) {
        int slash = prefix.indexOf('/', 1);
        return key.regionMatches(0, prefix, 0, slash + 2);
    }
}
