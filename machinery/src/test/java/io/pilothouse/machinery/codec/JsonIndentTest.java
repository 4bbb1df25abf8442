package io.pilothouse.machinery.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonIndentTest {
    private static final int[] MARKS = "\"\\{}[],: \n\tabc1é€😀".codePoints().toArray();

    @Test
    void laysOutAsGoDoes() {
        String compact = "{\"a\":{},\"b\":[],\"c\":[1,{\"d\":\"x{\\\"},:\"}],\"e\":null}\n";
        assertThat(JsonIndent.of(compact.getBytes(StandardCharsets.UTF_8)))
                .asString()
                .isEqualTo("""
                {
                  "a": {},
                  "b": [],
                  "c": [
                    1,
                    {
                      "d": "x{\\"},:"
                    }
                  ],
                  "e": null
                }""");
    }

    /** Whatever the length of the pieces and of the text, against a walk over the tree. */
    @Test
    void isTheSameHoweverTheTextIsCut() throws IOException {
        var random = new Random(7);
        for (int round = 0; round < 300; round++) {
            var tree = JsonNodeFactory.instance.arrayNode();
            int items = round % 50 == 0 ? 20_000 : random.nextInt(40);
            for (int i = 0; i < items; i++) {
                tree.add(value(random, 4));
            }
            var expected = new StringBuilder();
            walk(tree, "\n", expected);
            var pieces = cut(random, (tree + "\n").getBytes(StandardCharsets.UTF_8));
            byte[] bytes = expected.toString().getBytes(StandardCharsets.UTF_8);

            var text = JsonIndent.measured(pieces);
            var taken = new ByteArrayOutputStream();
            text.write(part -> {
                assertThat(part.length).isBetween(1, 128 * 1024);
                taken.writeBytes(part);
            });
            assertThat(text.length()).isEqualTo(bytes.length);
            assertThat(text.bytes()).isEqualTo(bytes);
            assertThat(taken.toByteArray()).isEqualTo(bytes);
        }
    }

    @Test
    void whatWouldBeAlmostNothingButSpacesStaysAsItIs() throws IOException {
        int depth = 10_000;
        var pieces =
                cut(new Random(3), ("[".repeat(depth) + "]".repeat(depth) + "\n").getBytes(StandardCharsets.UTF_8));
        var text = JsonIndent.measured(pieces);
        var taken = new ByteArrayOutputStream();
        text.write(taken::writeBytes);

        assertThat(text.tooLong()).isTrue();
        assertThat(text.length()).isEqualTo(2 * depth + 1);
        assertThat(text.bytes())
                .isEqualTo(taken.toByteArray())
                .asString()
                .startsWith("[[[")
                .endsWith("]]]\n");
    }

    /** The limit is three times the text and 16 MiB more: 2,800 levels are below it, 3,000 above. */
    @Test
    void isLaidOutUpToTheLimit() {
        assertThat(deep(2_800).tooLong()).isFalse();
        assertThat(deep(3_000).tooLong()).isTrue();
    }

    private static JsonIndent deep(int depth) {
        return JsonIndent.measured(("[".repeat(depth) + "]".repeat(depth)).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[][] cut(Random random, byte[] text) {
        var pieces = new ArrayList<byte[]>();
        int most = random.nextInt(10) == 0 ? 1 : 1 + random.nextInt(text.length);
        for (int at = 0; at < text.length; ) {
            int end = Math.min(text.length, at + random.nextInt(most + 1));
            pieces.add(Arrays.copyOfRange(text, at, end));
            at = end;
        }
        return pieces.toArray(byte[][]::new);
    }

    private static JsonNode value(Random random, int levels) {
        int kind = random.nextInt(levels > 0 ? 7 : 5);
        var nodes = JsonNodeFactory.instance;
        return switch (kind) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextLong());
            case 3 -> nodes.numberNode(random.nextDouble());
            case 4 -> nodes.textNode(text(random));
            case 5 -> {
                var array = nodes.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, levels - 1));
                }
                yield array;
            }
            default -> {
                var object = nodes.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set(text(random), value(random, levels - 1));
                }
                yield object;
            }
        };
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(MARKS[random.nextInt(MARKS.length)]);
        }
        return text.toString();
    }

    private static void walk(JsonNode node, String line, StringBuilder out) {
        if (node.isEmpty()) {
            out.append(node);
            return;
        }
        String inner = line + "  ";
        String before = inner;
        out.append(node.isArray() ? '[' : '{');
        if (node.isArray()) {
            for (var item : node) {
                out.append(before);
                walk(item, inner, out);
                before = "," + inner;
            }
        } else {
            for (var field : node.properties()) {
                out.append(before)
                        .append(JsonNodeFactory.instance.textNode(field.getKey()))
                        .append(": ");
                walk(field.getValue(), inner, out);
                before = "," + inner;
            }
        }
        out.append(line).append(node.isArray() ? ']' : '}');
    }
}
