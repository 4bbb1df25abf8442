package io.pilothouse.controllers.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.controllers.discovery.ServedKind;
import io.pilothouse.controllers.informers.KindWatches;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.quantity.Quantity;
import io.pilothouse.machinery.quota.ObjectCounts;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts objects of any kind without looking at them; no scope means anything to them. */
record ObjectCounter(KindWatches kinds, ServedKind kind) implements Counter {
    @Override
    public List<String> matching(Collection<String> names) {
        return ObjectCounts.of(new GroupResource(kind.group(), kind.plural())).matching(names);
    }

    @Override
    public Optional<Map<String, Quantity>> used(String namespace, Collection<String> names, List<JsonNode> scopes) {
        var count = kinds.count(kind, namespace);
        if (count.isEmpty()) {
            return Optional.empty();
        }
        var out = Counter.zeros(names);
        if (scopes.isEmpty()) {
            out.replaceAll((name, zero) -> Quantity.of(count.getAsInt()));
        }
        return Optional.of(out);
    }
}
