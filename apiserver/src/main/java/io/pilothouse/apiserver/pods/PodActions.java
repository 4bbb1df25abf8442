package io.pilothouse.apiserver.pods;

import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.endpoint.ActionAdmission;
import io.pilothouse.apiserver.endpoint.ResourceDispatcher.Action;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.Map;

/** What answers the actions of pods. */
public final class PodActions {
    private PodActions() {}

    public static Map<String, Action> actions(
            Schemas schemas, Registry registry, ResourceIndex resources, ActionAdmission admission) {
        var binding = new PodBinding(registry, schemas.type(PodBinding.KIND), admission);
        var eviction = new PodEviction(registry, resources, schemas.type(PodEviction.KIND), admission);
        var pods = resources.find(new GroupResource("", "pods")).orElseThrow();
        return Map.of(
                "/pods/binding",
                        (request, definition, version) -> binding.handle(
                                request, definition, definition, request.info().name()),
                "/bindings", (request, definition, version) -> binding.handle(request, definition, pods, ""),
                "/pods/eviction", (request, definition, version) -> eviction.handle(request, definition));
    }
}
