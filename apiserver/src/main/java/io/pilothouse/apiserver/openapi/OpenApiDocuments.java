package io.pilothouse.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.discovery.RemoteApis;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.lang.ref.SoftReference;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The documents of what this server itself serves. Each is made when it is first asked for, and again once what it tells of has
 * changed. Nothing of them stays in memory but compressed bytes.
 */
public final class OpenApiDocuments {
    /** @param of what the document was made of: other definitions, or other servers, make another document */
    private record Made(List<?> of, CompressedDocument document) {}

    private final ResourceIndex resources;
    private final RemoteApis remote;
    private final BuiltInTypes types;
    private final Clock clock;
    private final Map<String, ApiOperation> fixed = new LinkedHashMap<>();
    private final Map<String, Made> version3 = new HashMap<>();
    private volatile @Nullable Made version2;
    private SoftReference<DocumentBuilder> builder = new SoftReference<>(null);

    /** @param remote other servers, of which version 2 tells in the same document */
    public OpenApiDocuments(ResourceIndex resources, RemoteApis remote, BuiltInTypes types, Clock clock) {
        this.resources = resources;
        this.remote = remote;
        this.types = types;
        this.clock = clock;
        fixed.put("api", FixedOperations.versions(true));
        fixed.put("apis", FixedOperations.versions(false));
        fixed.put("version", FixedOperations.version());
        fixed.put(".well-known/openid-configuration", FixedOperations.issuer());
        fixed.put("openid/v1/jwks", FixedOperations.keySet());
    }

    private static String pathOf(GroupVersion version) {
        return version.group().isEmpty() ? "api/" + version.version() : "apis/" + version.apiVersion();
    }

    private static List<ResourceDefinition> inOrder(Map<String, ResourceDefinition> definitions) {
        return List.copyOf(new TreeMap<>(definitions).values());
    }

    private static boolean isCustom(Collection<ResourceDefinition> definitions) {
        return definitions.stream().allMatch(ResourceDefinition::custom);
    }

    /** All version 3 documents, by their paths below {@code /openapi/v3}. */
    synchronized Map<String, CompressedDocument> version3() {
        var out = new TreeMap<String, CompressedDocument>();
        fixed.forEach((path, operation) -> out.put(path, single(path, operation)));
        resources.versions().forEach((version, definitions) -> {
            var list = inOrder(definitions);
            out.put(pathOf(version), group(version, list));
            if (!version.group().isEmpty() && !isCustom(list)) {
                String path = "apis/" + version.group();
                out.put(path, single(path, FixedOperations.group(version.group())));
            }
        });
        version3.keySet().retainAll(out.keySet());
        return out;
    }

    /** One of the version 3 documents. */
    synchronized Optional<CompressedDocument> version3(String path) {
        var operation = fixed.get(path);
        if (operation != null) {
            return Optional.of(single(path, operation));
        }
        for (var entry : resources.versions().entrySet()) {
            var version = entry.getKey();
            if (path.equals(pathOf(version))) {
                return Optional.of(group(version, inOrder(entry.getValue())));
            }
            if (path.equals("apis/" + version.group())
                    && !isCustom(entry.getValue().values())) {
                return Optional.of(single(path, FixedOperations.group(version.group())));
            }
        }
        return Optional.empty();
    }

    private CompressedDocument single(String path, ApiOperation operation) {
        return version3.computeIfAbsent(
                        path,
                        p -> new Made(
                                List.of(),
                                CompressedDocument.of(Json.write(builder().version3(operation)), 3, clock.instant())))
                .document();
    }

    private CompressedDocument group(GroupVersion version, List<ResourceDefinition> definitions) {
        var known = version3.get(pathOf(version));
        if (known != null && known.of().equals(definitions)) {
            return known.document();
        }
        var document = CompressedDocument.of(Json.write(builder().version3(version, definitions)), 3, clock.instant());
        version3.put(pathOf(version), new Made(definitions, document));
        return document;
    }

    /** The version 2 document. Other servers are asked for theirs while nobody has to wait for anything else. */
    CompressedDocument version2() {
        var all = resources.versions().values().stream()
                .flatMap(d -> new TreeMap<>(d).values().stream())
                .toList();
        var others = remote.versions().stream()
                .filter(v -> !resources.serves(v) && remote.resources(v).isPresent())
                .sorted(Comparator.comparing(GroupVersion::apiVersion))
                .toList();
        var parts = List.of(all, others, remote.openApiUrls());
        var known = version2;
        if (known != null && known.of().equals(parts)) {
            return known.document();
        }
        var foreign = new LinkedHashMap<GroupVersion, ObjectNode>();
        others.forEach(v -> remote.openApi2(v).ifPresent(document -> foreign.put(v, document)));
        return version2(all, foreign, parts);
    }

    private synchronized CompressedDocument version2(
            List<ResourceDefinition> all, Map<GroupVersion, ObjectNode> foreign, List<?> parts) {
        var operations = new ArrayList<>(fixed.values());
        resources.versions().forEach((version, definitions) -> {
            operations.addAll(builder().operations(version, inOrder(definitions)));
            if (!version.group().isEmpty()
                    && !isCustom(definitions.values())
                    && operations.stream().noneMatch(o -> o.path().equals("/apis/" + version.group() + "/"))) {
                operations.add(FixedOperations.group(version.group()));
            }
        });
        var tree = builder().version2(operations, all);
        foreign.forEach((version, other) -> MergedDocument.add(tree, other, version));
        var document = CompressedDocument.of(Json.write(tree), 2, clock.instant());
        version2 = new Made(parts, document);
        return document;
    }

    private DocumentBuilder builder() {
        var known = builder.get();
        if (known == null) {
            known = new DocumentBuilder(types);
            builder = new SoftReference<>(known);
        }
        return known;
    }
}
