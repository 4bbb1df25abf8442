package io.pilothouse.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.selector.SelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the parameters that a binding names. */
record Params(ClusterView cluster, ResourceIndex resources) {

    /** The resource of a paramKind; empty where the policy has none. */
    Optional<ResourceDefinition> resource(JsonNode paramKind) throws PolicyConfigurationException {
        if (!paramKind.isObject()) {
            return Optional.empty();
        }
        String apiVersion = paramKind.path("apiVersion").asText("");
        String kind = paramKind.path("kind").asText("");
        var found = resources.definitions().stream()
                .filter(ResourceDefinition::stored)
                .filter(d -> d.versions().stream()
                        .anyMatch(v -> v.kind().kind().equals(kind)
                                && v.kind().groupVersion().apiVersion().equals(apiVersion)))
                .findFirst();
        if (found.isEmpty()) {
            throw new PolicyConfigurationException(
                    "failed to find resource referenced by paramKind: '" + apiVersion + ", Kind=" + kind + "'");
        }
        return found;
    }

    /**
     * The parameters for a binding, each of which the policy is evaluated with: an empty one where there are none to look for, and no one
     * at all where none is found and that is fine.
     *
     * @param resource of the paramKind
     */
    List<Optional<ObjectNode>> collect(
            Optional<ResourceDefinition> resource, JsonNode paramKind, JsonNode paramRef, String namespace)
            throws PolicyConfigurationException {
        if (resource.isEmpty() || !paramRef.isObject()) {
            return List.of(Optional.empty());
        }
        String place = namespace(resource.get(), paramRef, namespace);
        var found = find(resource.get(), paramRef, place);
        if (found.isEmpty()
                && paramRef.path("parameterNotFoundAction").asText("").equals("Deny")) {
            throw new PolicyConfigurationException(
                    "no params found for policy binding with `Deny` parameterNotFoundAction");
        }
        var version = GroupVersion.parse(paramKind.path("apiVersion").asText(""));
        List<Optional<ObjectNode>> out = new ArrayList<>();
        for (var object : found) {
            out.add(Optional.of(shown(resource.get(), version, object)));
        }
        return out;
    }

    private static String namespace(ResourceDefinition resource, JsonNode paramRef, String namespace)
            throws PolicyConfigurationException {
        String named = paramRef.path("namespace").asText("");
        if (!resource.namespaced()) {
            if (!named.isEmpty()) {
                throw new PolicyConfigurationException(
                        "paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
            }
            return "";
        }
        if (named.isEmpty() && namespace.isEmpty()) {
            throw new PolicyConfigurationException(
                    "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
        }
        return named.isEmpty() ? namespace : named;
    }

    private List<ObjectNode> find(ResourceDefinition resource, JsonNode paramRef, String namespace)
            throws PolicyConfigurationException {
        String name = paramRef.path("name").asText("");
        var selector = paramRef.path("selector");
        if (!name.isEmpty()) {
            if (selector.isObject()) {
                throw new PolicyConfigurationException("paramRef.name and paramRef.selector are mutually exclusive");
            }
            return cluster.find(resource.groupResource(), namespace, name)
                    .map(List::of)
                    .orElse(List.of());
        }
        if (!selector.isObject()) {
            throw new PolicyConfigurationException("one of name or selector must be provided");
        }
        try {
            var wanted = LabelSelector.fromNode(selector);
            return cluster.list(resource.groupResource(), namespace).stream()
                    .filter(o -> wanted.matches(ObjectMeta.labels(o)))
                    .toList();
        } catch (SelectorException e) {
            throw new PolicyConfigurationException(String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode shown(ResourceDefinition resource, GroupVersion version, ObjectNode object) {
        var served = resource.version(version);
        if (served.isEmpty()) {
            return object;
        }
        var shown = served.get().fromStorage().apply(object);
        shown.put("kind", served.get().kind().kind()).put("apiVersion", version.apiVersion());
        return shown;
    }
}
