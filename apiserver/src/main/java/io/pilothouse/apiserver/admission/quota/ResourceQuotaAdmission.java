package io.pilothouse.apiserver.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.apply.FieldSet;
import io.pilothouse.machinery.apply.ManagedFields;
import io.pilothouse.machinery.apply.VersionConverter;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.quota.Amounts;
import io.pilothouse.machinery.quota.ClaimUsage;
import io.pilothouse.machinery.quota.DeviceClaimUsage;
import io.pilothouse.machinery.quota.Evaluator;
import io.pilothouse.machinery.quota.ObjectCounts;
import io.pilothouse.machinery.quota.PodUsage;
import io.pilothouse.machinery.quota.ServiceUsage;
import io.pilothouse.machinery.status.StatusException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * ResourceQuota: what would use more than a namespace's quotas allow is refused; what is let through is added to what is used, by an update
 * that is made anew where another one came before it.
 */
public final class ResourceQuotaAdmission implements AdmissionPlugin {
    private static final GroupResource QUOTAS = new GroupResource("", "resourcequotas");
    private static final Set<String> IGNORED_GROUPS = Set.of("authentication.k8s.io", "authorization.k8s.io");
    private static final Set<String> IGNORED =
            Set.of("bindings", "componentstatuses", "events", "events.events.k8s.io");
    private static final int LOCKS = 64;

    private final Registry registry;
    private final ResourceIndex resources;
    private final LimitedResources limited;
    private final Clock clock;
    private final Map<String, Evaluator> special;
    /** Writes of one namespace follow each other, so that they rarely make each other try again. */
    private final Lock[] locks = new Lock[LOCKS];

    /** @param configuration a ResourceQuotaConfiguration, or missing */
    public ResourceQuotaAdmission(Registry registry, ResourceIndex resources, JsonNode configuration, Clock clock) {
        this.registry = registry;
        this.resources = resources;
        this.limited = LimitedResources.of(configuration);
        this.clock = clock;
        var pods = new PodUsage(clock);
        this.special = Map.of(
                "pods", pods,
                "services", new ServiceUsage(),
                "persistentvolumeclaims", new ClaimUsage(),
                "resourceclaims.resource.k8s.io", new DeviceClaimUsage(new RegistryDevices(registry), pods));
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    @Override
    public String name() {
        return "ResourceQuota";
    }

    private Evaluator evaluator(GroupResource resource) {
        var found = special.get(resource.toString());
        return found == null ? ObjectCounts.of(resource) : found;
    }

    @Override
    public void validate(AdmissionRequest request) {
        var object = request.object();
        String namespace = request.namespace();
        var resource = request.groupResource();
        if (object == null
                || namespace.isEmpty()
                || !(request.creates() || request.updates())
                || IGNORED_GROUPS.contains(resource.group())
                || IGNORED.contains(resource.toString())) {
            return;
        }
        var evaluator = evaluator(resource);
        if (!CountedWrites.counts(request)
                || (limited.limits().isEmpty()
                        && registry.list(QUOTAS, namespace).isEmpty())) {
            return;
        }
        var lock = locks[Math.floorMod(namespace.hashCode(), LOCKS)];
        lock.lock();
        try {
            charge(request, new QuotaCheck(request, evaluator, object));
        } finally {
            lock.unlock();
        }
    }

    private void charge(AdmissionRequest request, QuotaCheck check) {
        var growing = check.check(registry.list(QUOTAS, request.namespace()), limited);
        if (growing.isEmpty() || request.dryRun()) {
            return;
        }
        var definition = resources.find(QUOTAS).orElseThrow();
        for (String quota : growing) {
            write(request, definition, quota, check);
        }
    }

    private void write(AdmissionRequest request, ResourceDefinition definition, String quota, QuotaCheck check) {
        var view = (Subresource.View) definition.subresource("status").orElseThrow();
        var context = new WriteContext(
                UserInfo.of("system:apiserver", UserInfo.SUPERUSERS),
                request.namespace(),
                "status",
                false,
                clock.instant(),
                registry);
        try {
            registry.update(
                    definition,
                    view.strategy(),
                    quota,
                    live -> used(definition, live, check),
                    context,
                    (now, old) -> {});
        } catch (StatusException gone) {
            if (gone.code() != 404) {
                throw gone;
            }
        }
    }

    private ObjectNode used(ResourceDefinition definition, ObjectNode live, QuotaCheck check) {
        var quota = live.deepCopy();
        Amounts.write(check.newUsage(quota), quota.withObjectProperty("status").withObjectProperty("used"));
        var version = definition.storageVersion();
        return new ManagedFields(
                        version.kind(),
                        version.schema(),
                        "status",
                        FieldSet.ofFields("spec"),
                        VersionConverter.NONE,
                        clock)
                .update(live, quota, "kube-apiserver");
    }
}
