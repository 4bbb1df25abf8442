package io.pilothouse.bench.micro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.apply.FieldSet;
import io.pilothouse.machinery.apply.ManagedFields;
import io.pilothouse.machinery.apply.VersionConverter;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.patch.JsonPatch;
import io.pilothouse.machinery.patch.MergePatch;
import io.pilothouse.machinery.patch.StrategicMergePatch;
import io.pilothouse.machinery.schema.TypeSchema;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A change of a pod's label and image, in each of the ways in which clients can say it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Patches {
    private final TypeSchema type;
    private final ObjectNode pod;
    private final ObjectNode strategic;
    private final ObjectNode merge;
    private final JsonPatch operations;
    private final ManagedFields fields;
    private final ObjectNode live;
    private final ObjectNode applied;

    public Patches() {
        var sample = new Sample();
        type = sample.type();
        pod = sample.pod("web");
        strategic = (ObjectNode) Json.tree("""
                {"metadata": {"labels": {"app": "shop"}},
                 "spec": {"containers": [{"name": "web", "image": "registry.example.com/web:2"}]}}""");
        merge = (ObjectNode) Json.tree("""
                {"metadata": {"labels": {"app": "shop"}, "annotations": {"example.com/owner": null}}}""");
        operations = JsonPatch.parse("""
                [{"op": "replace", "path": "/metadata/labels/app", "value": "shop"},
                 {"op": "replace", "path": "/spec/containers/0/image", "value": "registry.example.com/web:2"}]""".getBytes(StandardCharsets.UTF_8));
        fields = new ManagedFields(
                sample.pods().storageVersion().kind(),
                type,
                "",
                FieldSet.ofFields("status"),
                VersionConverter.NONE,
                Clock.systemUTC());
        live = fields.apply(null, sample.sent("web"), "bench", false);
        applied = sample.sent("web");
        applied.withObject("/metadata/labels").put("app", "shop");
    }

    @Benchmark
    public ObjectNode strategicMergePatch() {
        return StrategicMergePatch.apply(pod, strategic, type);
    }

    @Benchmark
    public ObjectNode mergePatch() {
        return MergePatch.apply(pod, merge);
    }

    @Benchmark
    public JsonNode jsonPatch() {
        return operations.apply(pod);
    }

    /** By the manager that applied it before. */
    @Benchmark
    public ObjectNode serverSideApply() {
        return fields.apply(live, applied, "bench", false);
    }
}
