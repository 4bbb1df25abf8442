package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.apply.FieldSet;
import io.pilothouse.machinery.apply.ManagedFields;
import io.pilothouse.machinery.apply.VersionConverter;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Clock;
import java.util.List;

/** The ServiceCIDR of the server's flags: says that it is ready, and follows a cluster from one family to two. */
final class DefaultServiceCidr {
    private static final String FIELD_MANAGER = "kubernetes-service-cidr-controller";
    private static final UserInfo SELF = UserInfo.of("system:apiserver", UserInfo.SUPERUSERS);

    private final ServiceRanges ranges;
    private final Registry registry;
    private final ResourceDefinition definition;
    private final Clock clock;

    DefaultServiceCidr(ServiceRanges ranges, Registry registry, ResourceIndex resources, Clock clock) {
        this.ranges = ranges;
        this.registry = registry;
        this.definition = resources.find(ServiceCidrs.RESOURCE).orElseThrow();
        this.clock = clock;
    }

    void keep() {
        var present = registry.findNow(ServiceCidrs.RESOURCE, "", ServiceCidrs.DEFAULT_NAME);
        if (present.isEmpty()) {
            registry.create(
                    definition, ServiceCidrs.object(ServiceCidrs.DEFAULT_NAME, ranges.texts()), context(), made -> {});
            sayReady();
            return;
        }
        var texts = Trees.strings(present.get().path("spec").path("cidrs"));
        if (ranges.isDualStack() && texts.equals(ranges.texts().subList(0, 1))) {
            registry.update(
                    definition,
                    definition.strategy(),
                    ServiceCidrs.DEFAULT_NAME,
                    live -> {
                        ranges.texts().forEach(live.withObjectProperty("spec").putArray("cidrs")::add);
                        return live;
                    },
                    context(),
                    (object, old) -> {});
        } else if (texts.equals(ranges.texts())
                && !ObjectMeta.isTerminating(present.get())
                && !isJudged(present.get())) {
            sayReady();
        }
    }

    private static boolean isJudged(ObjectNode serviceCidr) {
        for (var condition : serviceCidr.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return !condition.path("status").asText().equals("Unknown");
            }
        }
        return false;
    }

    private void sayReady() {
        var version = definition.storageVersion();
        var managers = new ManagedFields(
                version.kind(), version.schema(), "status", FieldSet.ofFields("spec"), VersionConverter.NONE, clock);
        registry.update(
                definition,
                StatusView.FREE_METADATA,
                ServiceCidrs.DEFAULT_NAME,
                live -> {
                    var merged = managers.apply(live, readyStatus(), FIELD_MANAGER, true);
                    var read = version.reader()
                            .read(new Document(merged, List.of()), FieldValidation.IGNORE, warning -> {});
                    return read.put("kind", version.kind().kind())
                            .put("apiVersion", version.kind().apiVersion());
                },
                context(),
                (object, old) -> {});
    }

    private ObjectNode readyStatus() {
        var kind = definition.storageVersion().kind();
        var object =
                JsonNodeFactory.instance.objectNode().put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
        object.putObject("metadata").put("name", ServiceCidrs.DEFAULT_NAME);
        object.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("lastTransitionTime", ObjectMeta.format(clock.instant()))
                .put("message", "Kubernetes default Service CIDR is ready");
        return object;
    }

    private WriteContext context() {
        return new WriteContext(SELF, "", "", false, clock.instant(), registry);
    }
}
