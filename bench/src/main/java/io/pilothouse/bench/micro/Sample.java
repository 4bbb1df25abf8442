package io.pilothouse.bench.micro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Catalog;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.kinds.BuiltInResources;
import io.pilothouse.bench.SamplePod;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.TypedReader;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.TypeSchema;

/** The pod that all benchmarks use, as the server has it: read with its type, with defaults. */
final class Sample {
    private final Catalog catalog = BuiltInResources.catalog(BuiltInResources.schemas(BuiltInTypes.load()));
    private final ResourceDefinition pods =
            catalog.find(new GroupResource("", "pods")).orElseThrow();

    Catalog catalog() {
        return catalog;
    }

    ResourceDefinition pods() {
        return pods;
    }

    TypeSchema type() {
        return pods.storageVersion().schema();
    }

    /** As a client sends it. */
    ObjectNode sent(String name) {
        var pod = (ObjectNode) Json.tree(SamplePod.json());
        pod.withObject("/metadata").put("name", name).put("namespace", "bench").remove("generateName");
        return pod;
    }

    /** As it is stored. */
    ObjectNode pod(String name) {
        var pod = TypedReader.read(sent(name), type());
        pods.strategy().defaults(pod);
        pod.withObject("/metadata")
                .put("uid", "7f0c2a53-8d3a-4d9b-9a53-1b2f3c4d5e6f")
                .put("creationTimestamp", "2026-01-02T03:04:05Z");
        pod.put("kind", "Pod").put("apiVersion", "v1");
        return pod;
    }
}
