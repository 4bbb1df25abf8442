package io.pilothouse.machinery.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final String[] PIECES = {
        "a",
        "Z",
        " ",
        "~",
        "\u007f",
        "\"",
        "\\",
        "/",
        "<&>",
        "\b\t\n\f\r",
        "\0",
        "\u001f",
        "\u0080",
        "\u07ff",
        "\u0800",
        "\u2028",
        "\ud7ff",
        "\ue000",
        "\uffff",
        "\ud83d\ude00",
        "\udbff\udfff",
        "plain text of some length"
    };
    private final ObjectMapper jackson = JsonMapper.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private void same(JsonNode tree) throws JsonProcessingException {
        assertThat(Json.write(tree)).isEqualTo(jackson.writeValueAsBytes(tree));
    }

    @Test
    void writesTextsOfAllKinds() throws JsonProcessingException {
        var random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            var text = new StringBuilder();
            for (int j = random.nextInt(12); j > 0; j--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            var node = JsonNodeFactory.instance.textNode(text.toString());
            same(node);
            assertThat(Json.text(node)).isEqualTo(new String(Json.write(node), StandardCharsets.UTF_8));
        }
    }

    @Test
    void writesTreesThatAreLongerThanItsBuffer() throws JsonProcessingException {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.putObject("none");
        tree.putArray("no\nelements");
        tree.put("yes", true).put("no", false).putNull("nothing");
        tree.put("least", Long.MIN_VALUE).put("most", Long.MAX_VALUE).put("int", -7);
        tree.put("bytes", new byte[] {1, 2, 3, 4});
        var list = tree.putArray("list");
        for (int i = 0; i < 500; i++) {
            list.addObject()
                    .put("number", i)
                    .putArray("inner")
                    .add("x".repeat(i))
                    .add(i);
        }
        same(tree);
    }

    @Test
    void readsOneMember() {
        byte[] object =
                "{\"a\":{\"b\":[1]},\"b\":{\"a\":\"\\u00e9\",\"c\":null},\"broken".getBytes(StandardCharsets.UTF_8);
        assertThat(Json.member(object, "a")).hasToString("{\"b\":[1]}");
        assertThat(Json.member(object, "b")).hasToString("{\"a\":\"é\",\"c\":null}");
        assertThat(Json.member("{}".getBytes(StandardCharsets.UTF_8), "a").isMissingNode())
                .isTrue();
        assertThatThrownBy(() -> Json.member(object, "c")).isInstanceOf(DecodeException.class);
    }

    @Test
    void readsHalfACharacterAsItsReplacement() {
        same("{\"a\\ud83d\":\"\\uDE00z\\ud83d\"}", "{\"a\ufffd\":\"\ufffdz\ufffd\"}");
        same("[\"\\ud83d\\ud83d\\ude00\\\\ud83d\"]", "[\"\ufffd\ud83d\ude00\\\\ud83d\"]");
        assertThat(Yaml.parse("a: \"x\\uD83D\"".getBytes(StandardCharsets.UTF_8))
                        .root()
                        .path("a")
                        .textValue())
                .isEqualTo("x\ufffd");
    }

    private static void same(String read, String written) {
        assertThat(Json.text(Json.parse(read.getBytes(StandardCharsets.UTF_8)).root()))
                .isEqualTo(written);
    }
}
