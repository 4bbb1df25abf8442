package io.pilothouse.controllers.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pilothouse.controllers.informers.Cache;
import java.util.List;

/** Cached objects as the trees that are counted. */
record Trees(KubernetesSerialization serialization) {
    JsonNode of(HasMetadata object) {
        return serialization.convertValue(object, JsonNode.class);
    }

    List<JsonNode> inNamespace(Cache<?> cache, String namespace) {
        return cache.inNamespace(namespace).stream().map(this::of).toList();
    }
}
