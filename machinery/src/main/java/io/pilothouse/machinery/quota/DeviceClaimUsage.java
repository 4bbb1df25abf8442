package io.pilothouse.machinery.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.quantity.Quantity;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts resource claims and the devices that they ask for at the most, by device class and by the extended resource that the class
 * stands for. What a pod already counts as an extended resource its claim does not count again.
 */
public final class DeviceClaimUsage implements Evaluator {
    private static final String COUNT = "count/resourceclaims.resource.k8s.io";
    private static final String OF_CLASS = ".deviceclass.resource.k8s.io/devices";
    private static final String REQUESTS = "requests.";
    private static final String IMPLICIT = REQUESTS + "deviceclass.resource.kubernetes.io/";
    private static final String FOR_EXTENDED = "resource.kubernetes.io/extended-resource-claim";
    private static final long MOST_DEVICES = 32;

    /** One that is only being created is the youngest. */
    private static final Comparator<JsonNode> BY_AGE = Comparator.<JsonNode, Instant>comparing(
                    claim -> ObjectMeta.creationTimestamp(claim).orElse(Instant.MAX))
            .thenComparing(ObjectMeta::name);

    private final DeviceLookups lookups;
    private final PodUsage pods;

    /** @param pods counts the pods that claims belong to */
    public DeviceClaimUsage(DeviceLookups lookups, PodUsage pods) {
        this.lookups = lookups;
        this.pods = pods;
    }

    @Override
    public List<String> matching(Collection<String> wanted) {
        return wanted.stream()
                .filter(n -> n.equals(COUNT) || n.endsWith(OF_CLASS) || isOfClass(n))
                .sorted()
                .toList();
    }

    private boolean isOfClass(String name) {
        if (name.startsWith(IMPLICIT)
                && extended(name.substring(IMPLICIT.length())).isPresent()) {
            return true;
        }
        if (!PodUsage.isExtendedRequest(name)) {
            return false;
        }
        String resource = name.substring(REQUESTS.length());
        return lookups.classes().stream()
                .anyMatch(c -> resource.equals(extended(c)) || name.equals(IMPLICIT + ObjectMeta.name(c)));
    }

    private static String extended(JsonNode deviceClass) {
        return deviceClass.path("spec").path("extendedResourceName").asText("");
    }

    private Optional<String> extended(String className) {
        return lookups.classes().stream()
                .filter(c -> ObjectMeta.name(c).equals(className))
                .map(DeviceClaimUsage::extended)
                .filter(name -> !name.isEmpty())
                .findFirst();
    }

    @Override
    public Map<String, Quantity> usage(JsonNode claim) {
        Map<String, Quantity> out = new TreeMap<>();
        out.put(COUNT, Quantity.of(1));
        for (var request : claim.path("spec").path("devices").path("requests")) {
            if (request.path("exactly").isObject()) {
                Amounts.add(out, one(request.path("exactly")));
            }
            Map<String, Quantity> most = new TreeMap<>();
            request.path("firstAvailable").forEach(r -> Amounts.max(most, one(r)));
            Amounts.add(out, most);
        }
        addExtended(out, countedByPod(claim));
        return out;
    }

    private static Map<String, Quantity> one(JsonNode request) {
        long devices = switch (request.path("allocationMode").asText("")) {
            case "ExactCount" -> request.path("count").asLong();
            case "All" -> MOST_DEVICES;
            default -> 0;
        };
        return Map.of(request.path("deviceClassName").asText("") + OF_CLASS, Quantity.of(devices));
    }

    private void addExtended(Map<String, Quantity> usage, Map<String, Quantity> counted) {
        Map<String, Quantity> extended = new TreeMap<>();
        usage.forEach((name, devices) -> {
            String className = name.endsWith(OF_CLASS) ? name.substring(0, name.length() - OF_CLASS.length()) : "";
            if (!className.isEmpty()) {
                extended.put(IMPLICIT + className, devices);
                extended(className).ifPresent(resource -> extended.put(REQUESTS + resource, devices));
            }
        });
        extended.forEach((name, devices) -> {
            var rest = devices.subtract(counted.getOrDefault(name, Quantity.ZERO));
            if (rest.signum() > 0) {
                usage.put(name, rest);
            }
        });
    }

    /** What the pod counts for which the scheduler made the claim; nothing for other claims. */
    private Map<String, Quantity> countedByPod(JsonNode claim) {
        var owner = ObjectMeta.controller(claim)
                .filter(o -> isForExtended(claim)
                        && o.path("kind").asText("").equals("Pod")
                        && o.path("apiVersion").asText("").equals("v1"));
        var pod = owner.flatMap(o ->
                        lookups.pod(ObjectMeta.namespace(claim), o.path("name").asText("")))
                .filter(p -> ObjectMeta.uid(p).equals(owner.get().path("uid").asText("")));
        return pod.isPresent() && isTheOne(claim, pod.get()) ? pods.usage(pod.get()) : Map.of();
    }

    private static boolean isForExtended(JsonNode claim) {
        return ObjectMeta.annotation(claim, FOR_EXTENDED).filter("true"::equals).isPresent();
    }

    /** Whether it is the pod's claim: the one that the pod names, else the first of its. */
    private boolean isTheOne(JsonNode claim, JsonNode pod) {
        var named = pod.path("status").path("extendedResourceClaimStatus");
        if (named.isObject()) {
            return named.path("resourceClaimName").asText("").equals(ObjectMeta.name(claim));
        }
        return lookups.claims(ObjectMeta.namespace(claim)).stream()
                .filter(other -> isForExtended(other)
                        && ObjectMeta.controller(other)
                                .filter(o -> o.path("uid").asText("").equals(ObjectMeta.uid(pod)))
                                .isPresent())
                .noneMatch(other -> BY_AGE.compare(other, claim) < 0);
    }
}
