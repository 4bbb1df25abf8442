package io.pilothouse.machinery.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.Shared;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.TypeSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ProtobufCodecTest {
    private final BuiltInTypes types = BuiltInTypes.load();

    @TestFactory
    Stream<DynamicTest> goldenFiles() throws IOException {
        Optional<Path> folder = Shared.find("upstream/golden");
        if (folder.isEmpty()) {
            return Stream.empty();
        }
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.get())) {
            for (Path json :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                byte[] text = Files.readAllBytes(json);
                GroupVersionKind kind = GroupVersionKind.of(Json.tree(text));
                types.type(kind)
                        .ifPresent(type -> tests.add(
                                DynamicTest.dynamicTest(json.getFileName().toString(), () -> check(json, text, type))));
            }
        }
        assertThat(tests).hasSizeGreaterThan(100);
        return tests.stream();
    }

    private static void check(Path json, byte[] text, TypeSchema type) throws IOException {
        byte[] golden = Files.readAllBytes(Path.of(json.toString().replaceAll("json$", "pb")));
        ObjectNode read = TypedReader.read(Json.parse(text), type, FieldValidation.STRICT, w -> {});
        assertThat(Json.text(read)).isEqualTo(Json.text(Json.tree(text)));
        assertThat(Json.text(ProtobufCodec.decode(golden, type))).isEqualTo(Json.text(read));
        assertThat(HexFormat.of().formatHex(ProtobufCodec.encode(read, type)))
                .isEqualTo(HexFormat.of().formatHex(golden));
        ObjectNode yaml = TypedReader.read(
                Yaml.parse(Files.readAllBytes(Path.of(json.toString().replaceAll("json$", "yaml")))),
                type,
                FieldValidation.STRICT,
                w -> {});
        assertThat(yaml).isEqualTo(read);
    }

    @Test
    void anEmptyObjectComesBackAsGoWritesIt() {
        TypeSchema pod = types.named("io.k8s.api.core.v1.Pod");
        ObjectNode read = TypedReader.read(
                Json.tree("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"name\":\"c\"}]}}"),
                pod);
        assertThat(Json.text(read))
                .isEqualTo(
                        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"c\",\"resources\":{}}]},\"status\":{}}");
        assertThat(ProtobufCodec.decode(ProtobufCodec.encode(read, pod), pod)).isEqualTo(read);
    }

    @Test
    void refusesBrokenBytes() {
        TypeSchema pod = types.named("io.k8s.api.core.v1.Pod");
        for (byte[] bytes : new byte[][] {
            {1}, {'k', '8', 's', 0, 18, 5, 1}, {'k', '8', 's', 0, 18, 2, 10, 100}, {'k', '8', 's', 0, (byte) 0xff}
        }) {
            assertThatThrownBy(() -> ProtobufCodec.decode(bytes, pod)).isInstanceOf(DecodeException.class);
        }
    }
}
