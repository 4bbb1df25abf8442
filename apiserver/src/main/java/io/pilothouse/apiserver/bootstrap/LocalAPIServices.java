package io.pilothouse.apiserver.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.kinds.apiextensions.CustomResourceDefinitions;
import io.pilothouse.apiserver.kinds.apiregistration.APIServices;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Registers what this server serves itself as APIServices: built-in versions once, when it starts, and those of custom resources all
 * the time. An APIService that says nothing of being managed is left alone.
 */
public final class LocalAPIServices {
    private static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";
    private static final String ON_START = "onstart";
    private static final String ALWAYS = "true";
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);
    private static final int CUSTOM_GROUP = 1000;
    private static final int CUSTOM_VERSION = 100;
    private static final int USUAL_VERSION = 15;

    /** The order of groups in discovery. The aggregator's own group is not registered. */
    private static final Map<String, Integer> GROUPS = Map.ofEntries(
            Map.entry("", 18_000),
            Map.entry("apps", 17_800),
            Map.entry("events.k8s.io", 17_750),
            Map.entry("authentication.k8s.io", 17_700),
            Map.entry("authorization.k8s.io", 17_600),
            Map.entry("autoscaling", 17_500),
            Map.entry("batch", 17_400),
            Map.entry("certificates.k8s.io", 17_300),
            Map.entry("networking.k8s.io", 17_200),
            Map.entry("policy", 17_100),
            Map.entry("rbac.authorization.k8s.io", 17_000),
            Map.entry("storage.k8s.io", 16_800),
            Map.entry("apiextensions.k8s.io", 16_700),
            Map.entry("admissionregistration.k8s.io", 16_700),
            Map.entry("scheduling.k8s.io", 16_600),
            Map.entry("coordination.k8s.io", 16_500),
            Map.entry("node.k8s.io", 16_300),
            Map.entry("discovery.k8s.io", 16_200),
            Map.entry("resource.k8s.io", 16_200),
            Map.entry("flowcontrol.apiserver.k8s.io", 16_100));

    private static final Map<String, Integer> VERSIONS =
            Map.of("v1.", 1, "v2.autoscaling", 30, "v1.flowcontrol.apiserver.k8s.io", 21, "v1.resource.k8s.io", 21);

    private final OwnWrites writes;
    private final ResourceIndex builtIn;
    /** Built-in versions that were not yet seen available. */
    private final Set<String> pending = new ConcurrentSkipListSet<>();

    /** @param builtIn what is served without custom resources */
    public LocalAPIServices(OwnWrites writes, ResourceIndex builtIn) {
        this.writes = writes;
        this.builtIn = builtIn;
        for (var version : builtIn.versions().keySet()) {
            if (GROUPS.containsKey(version.group())) {
                pending.add(nameOf(version));
            }
        }
    }

    /**
     * Returns once all built-in versions were seen available.
     *
     * @throws IllegalStateException naming those that were not
     */
    public void requireRegistered() {
        if (pending.isEmpty()) {
            return;
        }
        for (var service : writes.list(APIServices.RESOURCE)) {
            for (var condition : service.path("status").path("conditions")) {
                if (condition.path("type").asText().equals("Available")
                        && condition.path("status").asText().equals("True")) {
                    pending.remove(ObjectMeta.name(service));
                }
            }
        }
        if (!pending.isEmpty()) {
            throw new IllegalStateException("missing APIService: [" + String.join(" ", pending) + "]");
        }
    }

    /** Registers built-in versions, and takes back what an older server registered and this one does not serve. */
    public void register() {
        var wanted = new TreeMap<String, ObjectNode>();
        for (var version : builtIn.versions().keySet()) {
            var group = GROUPS.get(version.group());
            if (group != null) {
                int priority = VERSIONS.getOrDefault(nameOf(version), USUAL_VERSION);
                wanted.put(nameOf(version), service(version, group, priority, ON_START));
            }
        }
        keep(wanted, ON_START);
    }

    /** Begins to follow custom resource definitions. */
    public AutoCloseable start(ObjectCache cache, QueueMetrics queues) {
        return CacheFollower.start(
                "crd-registration",
                queues.of("autoregister"),
                cache,
                List.of(
                        "/registry/apiextensions.k8s.io/customresourcedefinitions/",
                        "/registry/apiregistration.k8s.io/apiservices/"),
                LOOK_AGAIN,
                this::registerCustom);
    }

    private void registerCustom() {
        var wanted = new TreeMap<String, ObjectNode>();
        for (var definition : writes.list(CustomResourceDefinitions.RESOURCE)) {
            for (var served : definition.path("spec").path("versions")) {
                var version = new GroupVersion(
                        definition.path("spec").path("group").asText(),
                        served.path("name").asText());
                if (served.path("served").asBoolean() && !GROUPS.containsKey(version.group())) {
                    wanted.put(nameOf(version), service(version, CUSTOM_GROUP, CUSTOM_VERSION, ALWAYS));
                }
            }
        }
        keep(wanted, ALWAYS);
    }

    /** The place of a group among the others, the highest first. */
    public static int priorityOf(String group) {
        return GROUPS.getOrDefault(group, CUSTOM_GROUP);
    }

    private static String nameOf(GroupVersion version) {
        return version.version() + "." + version.group();
    }

    private static ObjectNode service(GroupVersion version, int group, int priority, String managed) {
        var service = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "APIService")
                .put("apiVersion", "apiregistration.k8s.io/v1");
        service.putObject("metadata")
                .put("name", nameOf(version))
                .putObject("labels")
                .put(MANAGED, managed);
        var spec = service.putObject("spec");
        if (!version.group().isEmpty()) {
            spec.put("group", version.group());
        }
        spec.put("version", version.version())
                .put("groupPriorityMinimum", group)
                .put("versionPriority", priority);
        return service;
    }

    private void keep(Map<String, ObjectNode> wanted, String managed) {
        var present = new TreeMap<String, ObjectNode>();
        writes.list(APIServices.RESOURCE).forEach(service -> present.put(ObjectMeta.name(service), service));
        AtOnce.each(wanted.entrySet(), entry -> {
            String name = entry.getKey();
            var service = entry.getValue();
            var current = present.get(name);
            if (current == null) {
                writes.create(APIServices.RESOURCE, service);
            } else if (isManaged(current) && !sameSpec(current.path("spec"), service.path("spec"))) {
                writes.update(APIServices.RESOURCE, "", name, live -> {
                    live.set("spec", service.path("spec").deepCopy());
                    return live;
                });
            }
        });
        present.forEach((name, service) -> {
            if (!wanted.containsKey(name)
                    && managed.equals(ObjectMeta.labels(service).get(MANAGED))) {
                writes.delete(APIServices.RESOURCE, "", name);
            }
        });
    }

    private static boolean isManaged(ObjectNode service) {
        return ObjectMeta.labels(service).containsKey(MANAGED);
    }

    /** Numbers that were read and numbers that were made are of different types of node. */
    private static boolean sameSpec(JsonNode actual, JsonNode wanted) {
        return actual.size() == wanted.size()
                && wanted.propertyStream()
                        .allMatch(e -> actual.path(e.getKey())
                                .asText()
                                .equals(e.getValue().asText()));
    }
}
