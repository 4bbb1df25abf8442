package io.pilothouse.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.Digests;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The discovery documents, derived from what is served: legacy (groups and resource lists) and aggregated (apidiscovery.k8s.io/v2). */
public final class DiscoveryDocuments {
    private final ResourceIndex resources;
    private final RemoteApis remote;

    public DiscoveryDocuments(ResourceIndex resources, RemoteApis remote) {
        this.resources = resources;
        this.remote = remote;
    }

    /** Whether anything of a group is served, here or by another server. */
    boolean knowsGroup(String group) {
        return resources.servesGroup(group)
                || remote.versions().stream().anyMatch(v -> v.group().equals(group));
    }

    private static ObjectNode object(String kind, String apiVersion) {
        return JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", apiVersion);
    }

    /**
     * {@code /api}.
     *
     * @param address where this server can be reached, host and port
     */
    public ObjectNode coreVersions(String address) {
        var document = JsonNodeFactory.instance.objectNode().put("kind", "APIVersions");
        document.putArray("versions").add("v1");
        document.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", address);
        return document;
    }

    /** {@code /apis}. */
    public ObjectNode groups() {
        var document = object("APIGroupList", "v1");
        var list = document.putArray("groups");
        versionsByGroup().forEach((group, versions) -> {
            if (!group.isEmpty()) {
                describe(list.addObject(), group, versions);
            }
        });
        return document;
    }

    /** {@code /apis/GROUP}. */
    public ObjectNode group(String group) {
        var document = object("APIGroup", "v1");
        describe(document, group, versionsByGroup().getOrDefault(group, List.of()));
        return document;
    }

    private static void describe(ObjectNode node, String group, Collection<String> versions) {
        node.put("name", group);
        var list = node.putArray("versions");
        for (String version : versions) {
            list.addObject().put("groupVersion", group + "/" + version).put("version", version);
        }
        var first = list.get(0);
        if (first != null) {
            node.set("preferredVersion", first.deepCopy());
        }
    }

    /** All served groups with their versions, in order. */
    public Map<String, List<String>> versionsByGroup() {
        var versions = new TreeMap<String, Set<String>>(new GroupOrder(remote).groups());
        Stream.concat(resources.versions().keySet().stream(), remote.versions().stream())
                .forEach(version -> versions.computeIfAbsent(version.group(), g -> new HashSet<>())
                        .add(version.version()));
        var out = new LinkedHashMap<String, List<String>>();
        versions.forEach((group, all) -> out.put(
                group,
                all.stream().sorted(new GroupOrder(remote).versions(group)).toList()));
        return out;
    }

    /** {@code /api/v1} or {@code /apis/GROUP/VERSION}. */
    public ObjectNode resources(GroupVersion version) {
        var document = object("APIResourceList", "v1");
        if (version.group().isEmpty()) {
            document.remove("apiVersion"); // upstream's oldest document has none
        }
        document.put("groupVersion", version.apiVersion());
        var list = document.putArray("resources");
        for (var definition : sorted(version)) {
            var served = definition.version(version).orElseThrow();
            var entry = list.addObject();
            entry.put("name", definition.plural())
                    .put("singularName", definition.singular())
                    .put("namespaced", definition.namespaced())
                    .put("kind", served.kind().kind());
            strings(entry.putArray("verbs"), definition.verbs());
            if (!definition.shortNames().isEmpty()) {
                strings(entry.putArray("shortNames"), definition.shortNames());
            }
            if (!definition.categories().isEmpty()) {
                strings(entry.putArray("categories"), definition.categories());
            }
            if (definition.stored()) {
                entry.put("storageVersionHash", storageVersionHash(definition.storedKind()));
            }
            subresources(list, definition, served);
        }
        return document;
    }

    private List<ResourceDefinition> sorted(GroupVersion version) {
        return new TreeMap<>(resources.versions().getOrDefault(version, Map.of()))
                .values().stream().toList();
    }

    private static void subresources(ArrayNode list, ResourceDefinition definition, ServedVersion served) {
        for (var subresource : inOrder(definition)) {
            var entry = list.addObject()
                    .put("name", definition.plural() + "/" + subresource.name())
                    .put("singularName", "")
                    .put("namespaced", definition.namespaced());
            var kind = subresource.kind();
            if (kind.isPresent()
                    && !(subresource instanceof Subresource.Connection)
                    && !kind.get().groupVersion().equals(served.kind().groupVersion())) {
                entry.put("group", kind.get().group()).put("version", kind.get().version());
            }
            entry.put(
                    "kind",
                    kind.map(GroupVersionKind::kind).orElse(served.kind().kind()));
            strings(entry.putArray("verbs"), subresource.verbs());
        }
    }

    /** Those of built-in kinds by name; those of custom resources as upstream tells them: status, scale. */
    private static Collection<Subresource> inOrder(ResourceDefinition definition) {
        return definition.custom()
                ? definition.subresources().values()
                : new TreeMap<>(definition.subresources()).values();
    }

    /** Upstream's hash of where a resource is stored: clients compare it to see whether two paths are one resource. */
    static String storageVersionHash(GroupVersionKind kind) {
        byte[] digest = Digests.sha256(
                (kind.group() + "/" + kind.version() + "/" + kind.kind()).getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, 8));
    }

    /** The aggregated document of {@code /api} or {@code /apis}. */
    public ObjectNode aggregated(boolean core) {
        var document = object("APIGroupDiscoveryList", "apidiscovery.k8s.io/v2");
        document.putObject("metadata");
        var items = document.putArray("items");
        versionsByGroup().forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                var item = items.addObject();
                var metadata = item.putObject("metadata");
                if (!core) {
                    metadata.put("name", group);
                }
                var list = item.putArray("versions");
                for (String version : versions) {
                    aggregatedVersion(list.addObject(), new GroupVersion(group, version));
                }
            }
        });
        return document;
    }

    private void aggregatedVersion(ObjectNode node, GroupVersion version) {
        node.put("version", version.version());
        if (remote.versions().contains(version)) {
            // What cannot be asked now is there all the same: clients must not take its resources for gone.
            var known = remote.resources(version);
            known.ifPresent(all -> node.putArray("resources").addAll(all));
            node.put("freshness", known.isPresent() ? "Current" : "Stale");
            return;
        }
        var list = node.putArray("resources");
        for (var definition : sorted(version)) {
            var served = definition.version(version).orElseThrow();
            var entry = list.addObject();
            entry.put("resource", definition.plural());
            responseKind(entry, definition, served.kind());
            entry.put("scope", definition.namespaced() ? "Namespaced" : "Cluster")
                    .put("singularResource", definition.singular());
            strings(entry.putArray("verbs"), definition.verbs());
            if (!definition.shortNames().isEmpty()) {
                strings(entry.putArray("shortNames"), definition.shortNames());
            }
            if (!definition.categories().isEmpty()) {
                strings(entry.putArray("categories"), definition.categories());
            }
            if (!definition.subresources().isEmpty()) {
                var subs = entry.putArray("subresources");
                for (var subresource : inOrder(definition)) {
                    var sub = subs.addObject().put("subresource", subresource.name());
                    responseKind(sub, definition, subresource.kind().orElse(served.kind()));
                    strings(sub.putArray("verbs"), subresource.verbs());
                }
            }
        }
        node.put("freshness", "Current");
    }

    /** A kind of the resource's own group and version is told by its name alone. */
    private static void responseKind(ObjectNode entry, ResourceDefinition definition, GroupVersionKind kind) {
        boolean own = definition.versions().stream()
                .anyMatch(v -> v.kind().groupVersion().equals(kind.groupVersion()));
        boolean named = own && !definition.custom();
        entry.putObject("responseKind")
                .put("group", named ? "" : kind.group())
                .put("version", named ? "" : kind.version())
                .put("kind", kind.kind());
    }

    private static void strings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
