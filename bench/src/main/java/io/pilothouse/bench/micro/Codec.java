package io.pilothouse.bench.micro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.codec.TypedReader;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A pod in and out. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Codec {
    private final TypeSchema type;
    private final ObjectNode tree;
    private final byte[] json;
    private final byte[] protobuf;

    public Codec() {
        var sample = new Sample();
        type = sample.type();
        tree = sample.pod("web");
        json = Json.write(tree);
        protobuf = ProtobufCodec.encode(tree, type);
    }

    @Benchmark
    public JsonNode jsonToTree() {
        return Json.tree(json);
    }

    @Benchmark
    public byte[] treeToJson() {
        return Json.write(tree);
    }

    /** What a type makes of a tree: fields checked and in their order. */
    @Benchmark
    public ObjectNode treeToTyped() {
        return TypedReader.read(tree, type);
    }

    @Benchmark
    public ObjectNode protobufToTree() {
        return ProtobufCodec.decode(protobuf, type);
    }

    @Benchmark
    public byte[] treeToProtobuf() {
        return ProtobufCodec.encode(tree, type);
    }
}
