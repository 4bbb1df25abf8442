package io.pilothouse.machinery.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts objects of any kind: as {@code count/PLURAL.GROUP}, and a few by an older name too. */
public record ObjectCounts(List<String> names) implements Evaluator {
    private static final Set<String> ALIASED =
            Set.of("configmaps", "resourcequotas", "replicationcontrollers", "secrets");

    static String countOf(GroupResource resource) {
        return "count/" + resource;
    }

    /** Of a resource. */
    public static ObjectCounts of(GroupResource resource) {
        boolean alias = resource.group().isEmpty() && ALIASED.contains(resource.resource());
        return new ObjectCounts(alias ? List.of(countOf(resource), resource.resource()) : List.of(countOf(resource)));
    }

    @Override
    public List<String> matching(Collection<String> wanted) {
        return wanted.stream().filter(names::contains).sorted().toList();
    }

    @Override
    public Map<String, Quantity> usage(JsonNode object) {
        Map<String, Quantity> out = new TreeMap<>();
        names.forEach(name -> out.put(name, Quantity.of(1)));
        return out;
    }
}
