package io.pilothouse.apiserver.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.quantity.Quantity;
import io.pilothouse.machinery.quota.Evaluator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What may be used only where a quota covers it (apiserver.config.k8s.io ResourceQuotaConfiguration). */
record LimitedResources(List<JsonNode> limits) {
    LimitedResources {
        limits = List.copyOf(limits);
    }

    /** @throws IllegalArgumentException for an entry that names no resource */
    static LimitedResources of(JsonNode configuration) {
        List<JsonNode> out = new ArrayList<>();
        int index = 0;
        for (var limit : configuration.path("limitedResources")) {
            if (limit.path("resource").asText("").isEmpty()) {
                throw new IllegalArgumentException(
                        "ResourceQuota: limitedResources[" + index + "].resource: Required value");
            }
            out.add(limit);
            index++;
        }
        return new LimitedResources(out);
    }

    /** Those that an object uses and that need a quota. */
    Set<String> names(GroupResource resource, Map<String, Quantity> usage) {
        Set<String> out = new TreeSet<>();
        for (var limit : limits) {
            if (limit.path("resource").asText("").equals(resource.resource())
                    && limit.path("apiGroup").asText("").equals(resource.group())) {
                usage.forEach((name, amount) -> {
                    for (var part : limit.path("matchContains")) {
                        if (amount.signum() > 0 && name.contains(part.asText())) {
                            out.add(name);
                        }
                    }
                });
            }
        }
        return out;
    }

    /** The scopes that an object is in and that need a quota. */
    List<JsonNode> scopes(Evaluator evaluator, JsonNode object) {
        List<JsonNode> out = new ArrayList<>();
        for (var limit : limits) {
            for (var selector : limit.path("matchScopes")) {
                if (evaluator.scoped() && evaluator.inScope(selector, object)) {
                    out.add(selector);
                }
            }
        }
        return out;
    }
}
