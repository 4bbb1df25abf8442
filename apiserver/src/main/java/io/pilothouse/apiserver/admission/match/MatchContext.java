package io.pilothouse.apiserver.admission.match;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersionResource;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What matching needs to know of the cluster. */
public record MatchContext(ClusterView cluster, ResourceIndex resources) {
    private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
    /** Resources that are the same objects under the name of another group. */
    private static final Map<GroupResource, GroupResource> TWINS = Map.of(
            new GroupResource("", "events"), new GroupResource("events.k8s.io", "events"),
            new GroupResource("events.k8s.io", "events"), new GroupResource("", "events"));

    /** @throws StatusException 404 if it is not there */
    public ObjectNode namespace(String name) {
        return cluster.find(NAMESPACES, "", name)
                .or(() -> cluster.findNow(NAMESPACES, "", name))
                .orElseThrow(() -> StatusException.notFound(NAMESPACES, name));
    }

    /** The other forms in which the resource of a request is served, with the kinds of what is sent. */
    List<Match> equivalents(AdmissionRequest request) {
        List<Match> out = new ArrayList<>();
        add(request.definition(), request, out);
        Optional.ofNullable(TWINS.get(request.groupResource()))
                .flatMap(resources::find)
                .ifPresent(twin -> add(twin, request, out));
        return out;
    }

    private static void add(ResourceDefinition definition, AdmissionRequest request, List<Match> out) {
        for (var version : definition.versions()) {
            // A version may hold kinds of another group than the resource's; its own says where it is served.
            var resource = new GroupVersionResource(
                    definition.groupResource().group(), version.kind().version(), definition.plural());
            if (!resource.equals(request.resource())) {
                out.add(new Match(resource, request.holdsOwnKind() ? version.kind() : request.kind()));
            }
        }
    }
}
