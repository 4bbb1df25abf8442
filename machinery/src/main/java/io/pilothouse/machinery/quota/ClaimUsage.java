package io.pilothouse.machinery.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts claims and the storage that they ask for, in all and by storage class. */
public final class ClaimUsage implements Evaluator {
    private static final String COUNT = "count/persistentvolumeclaims";
    private static final String CLAIMS = "persistentvolumeclaims";
    private static final String STORAGE = "requests.storage";
    private static final String OF_CLASS = ".storageclass.storage.k8s.io/";
    private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

    /** The storage that is set aside for a claim; missing where nothing is said. */
    public static JsonNode allocated(JsonNode claim) {
        return claim.path("status").path("allocatedResources").path("storage");
    }

    @Override
    public List<String> matching(Collection<String> wanted) {
        return wanted.stream()
                .filter(n -> n.equals(COUNT)
                        || n.equals(CLAIMS)
                        || n.equals(STORAGE)
                        || n.endsWith(OF_CLASS + CLAIMS)
                        || n.endsWith(OF_CLASS + STORAGE))
                .sorted()
                .toList();
    }

    @Override
    public boolean scoped() {
        return true;
    }

    @Override
    public boolean inScope(JsonNode selector, JsonNode claim) {
        String scope = selector.path("scopeName").asText("");
        if (!scope.equals("VolumeAttributesClass")) {
            return false;
        }
        var classes = attributeClasses(claim);
        return classes.isEmpty()
                ? ScopeSelector.matches(selector, Map.of())
                : classes.stream().anyMatch(c -> ScopeSelector.matches(selector, Map.of(scope, c)));
    }

    /** The attribute classes that it asks for, has, and is on the way to. */
    public static Set<String> attributeClasses(JsonNode claim) {
        var out = new TreeSet<String>();
        out.add(claim.path("spec").path("volumeAttributesClassName").asText(""));
        out.add(claim.path("status").path("currentVolumeAttributesClassName").asText(""));
        out.add(claim.path("status")
                .path("modifyVolumeStatus")
                .path("targetVolumeAttributesClassName")
                .asText(""));
        out.remove("");
        return out;
    }

    @Override
    public Map<String, Quantity> usage(JsonNode claim) {
        String storageClass = ObjectMeta.annotation(claim, OLD_CLASS)
                .orElseGet(() -> claim.path("spec").path("storageClassName").asText(""));
        Map<String, Quantity> out = new TreeMap<>();
        out.put(CLAIMS, Quantity.of(1));
        out.put(COUNT, Quantity.of(1));
        var requested = claim.path("spec").path("resources").path("requests").path("storage");
        if (requested.isValueNode()) {
            var size = Quantity.parse(requested.asText()).roundUp(0);
            var held = allocated(claim).isValueNode()
                    ? Quantity.parse(allocated(claim).asText()).roundUp(0)
                    : size;
            out.put(STORAGE, held.compareTo(size) > 0 ? held : size);
        }
        if (!storageClass.isEmpty()) {
            out.put(storageClass + OF_CLASS + CLAIMS, Quantity.of(1));
            var storage = out.get(STORAGE);
            if (storage != null) {
                out.put(storageClass + OF_CLASS + STORAGE, storage);
            }
        }
        return out;
    }
}
