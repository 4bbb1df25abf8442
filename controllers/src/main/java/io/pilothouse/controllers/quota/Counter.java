package io.pilothouse.controllers.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.quantity.Quantity;
import io.pilothouse.machinery.quota.Amounts;
import io.pilothouse.machinery.quota.Evaluator;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Adds up what the objects of one kind use in a namespace. */
interface Counter {
    /** Those of a quota's resources that it counts. */
    List<String> matching(Collection<String> names);

    /** What is used of {@code names} by all objects in all of the scopes; empty where the objects are not known yet. */
    Optional<Map<String, Quantity>> used(String namespace, Collection<String> names, List<JsonNode> scopes);

    /** Looks at each object. */
    static Counter each(Evaluator evaluator, Function<String, List<JsonNode>> objects) {
        return new Counter() {
            @Override
            public List<String> matching(Collection<String> names) {
                return evaluator.matching(names);
            }

            @Override
            public Optional<Map<String, Quantity>> used(
                    String namespace, Collection<String> names, List<JsonNode> scopes) {
                var sum = zeros(names);
                for (var object : objects.apply(namespace)) {
                    if (scopes.stream().allMatch(scope -> evaluator.inScope(scope, object))) {
                        Amounts.add(sum, evaluator.usage(object));
                    }
                }
                return Optional.of(sum);
            }
        };
    }

    /** Nothing used of any. */
    static Map<String, Quantity> zeros(Collection<String> names) {
        Map<String, Quantity> out = new TreeMap<>();
        names.forEach(name -> out.put(name, Quantity.ZERO));
        return out;
    }
}
