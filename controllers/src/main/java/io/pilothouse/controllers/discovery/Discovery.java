package io.pilothouse.controllers.discovery;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what an API server serves. */
public final class Discovery {
    private Discovery() {}

    /**
     * What was found.
     *
     * @param failures the groups that did not answer, with their words
     */
    public record Found(List<ServedKind> kinds, List<String> failures) {}

    /**
     * All kinds, each once, without subresources.
     *
     * @throws KubernetesClientException if the list of groups cannot be read
     */
    public static Found read(KubernetesClient client) {
        var kinds = new ArrayList<ServedKind>();
        var failures = new ArrayList<String>();
        add(client, "", "v1", kinds, failures);
        for (APIGroup group : client.getApiGroups().getGroups()) {
            // The preferred version comes first; a custom resource may be served in another one alone.
            group.getVersions().forEach(version -> add(client, group.getName(), version.getVersion(), kinds, failures));
        }
        return new Found(List.copyOf(kinds), List.copyOf(failures));
    }

    private static void add(
            KubernetesClient client, String group, String version, List<ServedKind> kinds, List<String> failures) {
        String groupVersion = group.isEmpty() ? version : group + "/" + version;
        APIResourceList resources;
        try {
            resources = client.getApiResources(groupVersion);
        } catch (KubernetesClientException e) {
            failures.add(groupVersion + ": " + e.getMessage());
            return;
        }
        if (resources == null) {
            failures.add(groupVersion + ": not found");
            return;
        }
        resources.getResources().stream()
                .filter(resource -> !resource.getName().contains("/"))
                .map(resource -> new ServedKind(
                        group,
                        version,
                        resource.getName(),
                        resource.getKind(),
                        Boolean.TRUE.equals(resource.getNamespaced()),
                        Set.copyOf(resource.getVerbs())))
                .filter(kind -> kinds.stream()
                        .noneMatch(known ->
                                known.group().equals(group) && known.plural().equals(kind.plural())))
                .forEach(kinds::add);
    }
}
