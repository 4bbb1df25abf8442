package io.pilothouse.machinery.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypedReaderTest {
    private final BuiltInTypes types = BuiltInTypes.load();

    private String read(String type, String json) {
        return Json.text(TypedReader.read(Json.tree(json), types.named("io.k8s.api." + type)));
    }

    @Test
    void saysWhatIsUnknown() {
        TypeSchema deployment = types.named("io.k8s.api.apps.v1.Deployment");
        String json =
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"imagee\":\"x\",\"ports\":[{\"bogus\":2}]}]}},\"foo\":1,\"foo\":1}}";
        List<String> warnings = new ArrayList<>();
        Document document = Json.parse(json.getBytes(UTF_8));
        TypedReader.read(document, deployment, FieldValidation.WARN, warnings::add);
        assertThat(warnings)
                .containsExactly(
                        "duplicate field \"spec.foo\"",
                        "unknown field \"spec.template.spec.containers[0].imagee\"",
                        "unknown field \"spec.template.spec.containers[0].ports[0].bogus\"",
                        "unknown field \"spec.foo\"");
        assertThatThrownBy(() -> TypedReader.read(document, deployment, FieldValidation.STRICT, w -> {}))
                .isInstanceOf(StrictDecodingException.class)
                .hasMessageStartingWith("strict decoding error: duplicate field \"spec.foo\", unknown field");
    }

    @Test
    void joinsYamlDuplicates() {
        Document document =
                Yaml.parse("metadata:\n  name: a\n  name: b\nnosuch: 1\ndata:\n  k: x\n  k: z\n".getBytes(UTF_8));
        assertThatThrownBy(() -> TypedReader.read(
                        document, types.named("io.k8s.api.core.v1.ConfigMap"), FieldValidation.STRICT, w -> {}))
                .hasMessage(
                        "strict decoding error: yaml: unmarshal errors:\n  line 3: key \"name\" already set in map\n  line 7: key \"k\" already set in map, unknown field \"nosuch\"");
    }

    @Test
    void saysWhatIsOfTheWrongType() {
        assertThatThrownBy(() -> read("apps.v1.Deployment", "{\"spec\":{\"replicas\":\"x\"}}"))
                .hasMessage(
                        "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32");
        assertThatThrownBy(() -> read("core.v1.ConfigMap", "{\"data\":{\"a\":1}}"))
                .hasMessage("json: cannot unmarshal number into Go struct field ConfigMap.data of type string");
        assertThatThrownBy(() -> read("core.v1.Pod", "{\"spec\":{\"containers\":{}}}"))
                .hasMessage(
                        "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container");
        assertThatThrownBy(() -> read("core.v1.Secret", "{\"data\":{\"a\":\"!\"}}"))
                .hasMessage("illegal base64 data at input byte 0");
        assertThatThrownBy(() -> read("core.v1.Secret", "[]")).isInstanceOf(DecodeException.class);
    }

    @Test
    void givesValuesTheirCanonicalForm() {
        assertThat(
                        read(
                                "coordination.v1.Lease",
                                "{\"metadata\":{\"creationTimestamp\":\"2020-01-01T02:00:00.5+01:00\"},\"spec\":{\"renewTime\":\"2020-01-01T00:00:00.123456Z\"}}"))
                .isEqualTo(
                        "{\"metadata\":{\"creationTimestamp\":\"2020-01-01T01:00:00Z\"},\"spec\":{\"renewTime\":\"2020-01-01T00:00:00.123456Z\"}}");
        assertThatThrownBy(() -> read("coordination.v1.Lease", "{\"spec\":{\"renewTime\":\"2020-01-01T00:00:00Z\"}}"))
                .isInstanceOf(DecodeException.class);
        assertThat(read("core.v1.ResourceRequirements", "{\"limits\":{\"cpu\":\"1000m\",\"memory\":1024}}"))
                .isEqualTo("{\"limits\":{\"cpu\":\"1\",\"memory\":\"1024\"}}");
        assertThat(read("rbac.v1.ClusterRole", "{\"metadata\":{\"labels\":{}},\"rules\":[]}"))
                .isEqualTo("{\"metadata\":{},\"rules\":[]}");
        assertThat(read("core.v1.ServicePort", "{\"name\":\"\",\"port\":null}"))
                .isEqualTo("{\"port\":0,\"targetPort\":0}");
        assertThat(read("core.v1.ConfigMap", "{\"data\":{\"a\":null}}"))
                .isEqualTo("{\"metadata\":{},\"data\":{\"a\":\"\"}}");
    }
}
