package io.pilothouse.machinery.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.Shared;
import io.pilothouse.machinery.codec.CustomResourceReader;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.StrictDecodingException;
import io.pilothouse.machinery.field.FieldError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CustomResourceSchemaTest {
    private static final BuiltInTypes TYPES = BuiltInTypes.load();

    /** Reads and validates what the recorded cases create under the schema that they create, and compares causes or the spec. */
    @TestFactory
    Stream<DynamicTest> recordedCreates() throws IOException {
        Optional<Path> folder = Shared.find("compat/cases/crd");
        if (folder.isEmpty()) {
            return Stream.empty();
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (String file : List.of("validation", "defaulting", "pruning", "list-types")) {
            for (JsonNode recorded : Json.tree(Files.readAllBytes(folder.get().resolve(file + ".json")))) {
                tests.add(DynamicTest.dynamicTest(recorded.path("name").asText(), () -> replay(recorded)));
            }
        }
        return tests.stream();
    }

    private static void replay(JsonNode recorded) {
        CustomResourceSchema schema = null;
        for (JsonNode step : recorded.path("steps")) {
            JsonNode request = step.path("request");
            JsonNode body = request.path("body");
            if (body.path("kind").asText().equals("CustomResourceDefinition")
                    && request.path("method").asText().equals("POST")) {
                JsonNode given = body.at("/spec/versions/0/schema/openAPIV3Schema");
                schema = CustomResourceSchema.of(given.isMissingNode() ? null : given, false, TYPES);
            } else if (request.path("path").asText().endsWith("customresourcedefinitions/foos.{id}.example.com")) {
                return;
            } else if (schema != null
                    && request.path("method").asText().equals("POST")
                    && body.isObject()
                    && request.path("path").asText().contains("/foos")) {
                check(schema, body, step.path("expect"));
            }
        }
    }

    private static void check(CustomResourceSchema schema, JsonNode body, JsonNode expect) {
        if (!expect.has("body")) {
            return;
        }
        ObjectNode object =
                CustomResourceReader.read(Json.parse(Json.write(body)), schema, FieldValidation.IGNORE, w -> {});
        List<String> errors = schema.validate(object).stream()
                .map(e -> e.type().reason() + " " + e.field() + " " + e.body())
                .toList();
        JsonNode causes = expect.at("/body/details/causes");
        if (causes.isArray()) {
            List<String> wanted = new ArrayList<>();
            causes.forEach(c -> wanted.add(c.path("reason").asText() + " "
                    + c.path("field").asText() + " " + c.path("message").asText()));
            assertThat(errors).describedAs(Json.text(body)).containsExactlyElementsOf(wanted);
        } else if (expect.path("status").asInt() == 201) {
            assertThat(errors).describedAs(Json.text(body)).isEmpty();
            JsonNode spec = expect.at("/body/spec").isMissingNode()
                    ? expect.path("body").path("/spec")
                    : expect.at("/body/spec");
            if (spec.isObject()) {
                assertThat(Json.sorted(object.path("spec"))).isEqualTo(Json.sorted(spec));
            }
        } else if (expect.path("status").asInt() == 422) {
            assertThat(errors).describedAs(Json.text(body)).isNotEmpty();
        }
    }

    private static CustomResourceSchema schema(String text) {
        return CustomResourceSchema.of(Json.tree(text.replace('\'', '"')), false, TYPES);
    }

    @Test
    void saysWhatItDrops() {
        CustomResourceSchema schema = schema(
                "{'type':'object','properties':{'spec':{'type':'object','properties':{'a':{'type':'string'},'l':{'type':'array','items':{'type':'object'}}}}}}");
        byte[] body = "{\"metadata\":{\"bogus\":1},\"spec\":{\"a\":\"x\",\"b\":1,\"l\":[{\"z\":1}]},\"top\":1}"
                .getBytes(UTF_8);
        List<String> warnings = new ArrayList<>();
        CustomResourceReader.read(Json.parse(body), schema, FieldValidation.WARN, warnings::add);
        assertThat(warnings)
                .containsExactly(
                        "unknown field \"spec.b\"",
                        "unknown field \"spec.l[0].z\"",
                        "unknown field \"top\"",
                        "unknown field \"metadata.bogus\"");
        Assertions.assertThatThrownBy(() ->
                        CustomResourceReader.read(Json.parse(body), schema, FieldValidation.STRICT, warnings::add))
                .isInstanceOf(StrictDecodingException.class);
    }

    @Test
    void holdsOldValuesAgainstNobody() {
        CustomResourceSchema schema = schema(
                "{'type':'object','properties':{'spec':{'type':'object','properties':{'a':{'type':'string','maxLength':3},'b':{'type':'string'}}}}}");
        ObjectNode old = (ObjectNode) Json.tree("{\"spec\":{\"a\":\"loooong\"}}");
        assertThat(schema.validateUpdate((ObjectNode) Json.tree("{\"spec\":{\"a\":\"loooong\",\"b\":\"x\"}}"), old))
                .isEmpty();
        assertThat(schema.validateUpdate((ObjectNode) Json.tree("{\"spec\":{\"a\":\"looooonger\"}}"), old))
                .extracting(FieldError::field)
                .containsExactly("spec.a");
    }
}
