package io.pilothouse.apiserver.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagSetTest {
    private final Map<String, Object> taken = new HashMap<>();
    private final FlagSet flags = flags();

    private FlagSet flags() {
        var set = new FlagSet("pilothouse test");
        set.text("--etcd-prefix", "/registry", value -> taken.put("text", value), "");
        set.duration("--event-ttl", "1h", value -> taken.put("duration", value), "");
        set.file("--cert-dir", null, value -> taken.put("file", value), "");
        set.uri("--endpoint", null, value -> taken.put("uri", value), "");
        set.truth("--profiling", true, value -> taken.put("truth", value), "");
        set.truth("--quiet", false, value -> taken.put("quiet", value), "").shorthand('q');
        set.integer("--secure-port", 6443, value -> taken.put("integer", value), "");
        set.longInteger("--seconds", 300, value -> taken.put("long", value), "");
        set.fraction("--goaway-chance", 0, value -> taken.put("fraction", value), "");
        set.level("--v", 0, value -> taken.put("level", value), "").shorthand('v');
        set.list("--audiences", List.of("before"), value -> taken.put("list", List.copyOf(value)), "");
        set.each("--issuer", List.of("before"), value -> taken.put("each", List.copyOf(value)), "");
        set.eachFile("--key-file", List.of(), value -> taken.put("files", List.copyOf(value)), "");
        set.map("--claim", Map.of(), value -> taken.put("map", Map.copyOf(value)), "");
        return set;
    }

    private @Nullable Object read(String key, String... arguments) {
        flags.parse(arguments);
        return taken.get(key);
    }

    private void refused(String message, String... arguments) {
        assertThatThrownBy(() -> flags.parse(arguments))
                .isInstanceOf(FlagException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsNotGivenIsNotSet() {
        flags.parse();
        assertThat(taken).isEmpty();
    }

    @Test
    void aValueFollowsAnEqualsSignOrAsTheNextArgument() {
        assertThat(read("text", "--etcd-prefix=/a=b")).isEqualTo("/a=b");
        assertThat(read("text", "--etcd-prefix", "--v")).isEqualTo("--v");
        assertThat(read("text", "--etcd-prefix=")).isEqualTo("");
    }

    @Test
    void underscoresStandForDashes() {
        assertThat(read("text", "--etcd_prefix=x_y")).isEqualTo("x_y");
    }

    @Test
    void theLastOneCounts() {
        assertThat(read("integer", "--secure-port=1", "--secure-port=2")).isEqualTo(2);
    }

    @Test
    void readsEachKind() {
        flags.parse("--event-ttl=90m", "--cert-dir=/x", "--endpoint=http://h:1", "--goaway-chance=.5", "--seconds=-5");
        assertThat(taken)
                .containsEntry("duration", "90m")
                .containsEntry("file", Path.of("/x"))
                .containsEntry("uri", URI.create("http://h:1"))
                .containsEntry("fraction", 0.5)
                .containsEntry("long", -5L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--profiling", "--profiling=1", "--profiling=t", "--profiling=TRUE", "--profiling=True"})
    void yes(String argument) {
        assertThat(read("truth", argument)).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--profiling=0", "--profiling=F", "--profiling=false", "--profiling=False"})
    void no(String argument) {
        assertThat(read("truth", argument)).isEqualTo(false);
    }

    @Test
    void yesOrNoTakesNoArgument() {
        refused("\"pilothouse test\" does not take any arguments, got [\"false\"]", "--profiling", "false");
    }

    @Test
    void aLetterStandsForAName() {
        assertThat(read("level", "-v", "3")).isEqualTo(3);
        assertThat(read("level", "-v=4")).isEqualTo(4);
        assertThat(read("level", "-v5")).isEqualTo(5);
        assertThat(read("level", "-qv", "6")).isEqualTo(6);
        assertThat(taken).containsEntry("quiet", true);
        assertThat(read("quiet", "-q=false", "--v=7")).isEqualTo(false);
    }

    @Test
    void listsAreSplitAndGrow() {
        assertThat(read("list", "--audiences=a,b", "--audiences", "\"c,\"\"d\"\"\",,e"))
                .isEqualTo(List.of("a", "b", "c,\"d\"", "", "e"));
        assertThat(read("each", "--issuer=a,b", "--issuer=\"c")).isEqualTo(List.of("a,b", "\"c"));
        assertThat(read("files", "--key-file=a", "--key-file=b,c")).isEqualTo(List.of(Path.of("a"), Path.of("b,c")));
        assertThat(read("map", "--claim=a=b=c,d", "--claim= e = f ")).isEqualTo(Map.of("a", "b=c,d", "e", "f"));
    }

    @Test
    void anEmptyListReplacesTheOneBefore() {
        assertThat(read("list", "--audiences=")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource({"0x1F, 31", "010, 8", "0o17, 15", "0b101, 5", "1_0, -1", "0x_f_f, 255", "+7, 7", "-0, 0", "0, 0"})
    void numbersHaveBases(String text, int expected) {
        if (expected < 0) {
            refused(
                    "invalid argument \"" + text
                            + "\" for \"--secure-port\" flag: strconv.ParseInt: parsing \"" + text
                            + "\": invalid syntax",
                    "--secure-port",
                    text);
        } else {
            assertThat(read("integer", "--secure-port", text)).isEqualTo(expected);
        }
    }

    @Test
    void numbersOfSixtyFourBitsAreReadToTheirEnds() {
        assertThat(read("long", "--seconds=-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(read("long", "--seconds=9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        refused(
                "invalid argument \"9223372036854775808\" for \"--seconds\" flag: strconv.ParseInt: parsing \"9223372036854775808\": value out of range",
                "--seconds=9223372036854775808");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--secure-port=x | --secure-port | x | strconv.ParseInt: parsing \"x\": invalid syntax",
                "--secure-port=08 | --secure-port | 08 | strconv.ParseInt: parsing \"08\": invalid syntax",
                "--secure-port=99999999999 | --secure-port | 99999999999 | strconv.ParseInt: parsing \"99999999999\": value out of range",
                "--secure-port= | --secure-port | '' | strconv.ParseInt: parsing \"\": invalid syntax",
                "--profiling=maybe | --profiling | maybe | strconv.ParseBool: parsing \"maybe\": invalid syntax",
                "--goaway-chance=1f | --goaway-chance | 1f | strconv.ParseFloat: parsing \"1f\": invalid syntax",
                "--goaway-chance=. | --goaway-chance | . | strconv.ParseFloat: parsing \".\": invalid syntax",
                "--goaway-chance=1e999 | --goaway-chance | 1e999 | strconv.ParseFloat: parsing \"1e999\": value out of range",
                "--v=-1 | -v, --v | -1 | strconv.ParseUint: parsing \"-1\": invalid syntax",
                "-v=x | -v, --v | x | strconv.ParseUint: parsing \"x\": invalid syntax",
                "-v= | -v, --v | = | strconv.ParseUint: parsing \"=\": invalid syntax",
                "--v=2147483648 | -v, --v | 2147483648 | strconv.ParseUint: parsing \"2147483648\": value out of range",
                "--event-ttl=5 | --event-ttl | 5 | time: missing unit in duration \"5\"",
                "--claim=a | --claim | a | malformed pair, expect string=string"
            })
    void aWrongValueIsRefusedWithItsReason(String argument, String flag, String value, String reason) {
        refused("invalid argument \"" + value + "\" for \"" + flag + "\" flag: " + reason, argument);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a\"b | 2 | bare \" in non-quoted-field",
                "x,\"a\"b | 5 | extraneous or missing \" in quoted-field",
                "\"ab | 4 | extraneous or missing \" in quoted-field"
            })
    void aWrongListIsRefused(String list, int column, String reason) {
        refused(
                "invalid argument \"" + list.replace("\"", "\\\"")
                        + "\" for \"--audiences\" flag: parse error on line 1, column " + column + ": " + reason,
                "--audiences",
                list);
    }

    @Test
    void unknownFlagsAreRefused() {
        refused("unknown flag: --nope_x", "--nope_x=1");
        refused("unknown shorthand flag: 'x' in -xyz", "-xyz");
        refused("unknown shorthand flag: 'x' in -x", "-qx");
        refused("unknown shorthand flag: 'e' in -etcd-prefix", "-etcd-prefix");
        refused("bad flag syntax: ---v", "---v");
        refused("bad flag syntax: --=v", "--=v");
    }

    @Test
    void aValueMustBeThere() {
        refused("flag needs an argument: --etcd-prefix", "--etcd-prefix");
        refused("flag needs an argument: 'v' in -v", "-v");
    }

    @Test
    void otherArgumentsAreRefused() {
        refused("\"pilothouse test\" does not take any arguments, got [\"a\" \"-\" \"--v\"]", "a", "-", "--", "--v");
        flags.parse("", "--", "");
    }

    @Test
    void allThatIsMissingIsTold() {
        var some = new FlagSet("x");
        some.text("--b", "", value -> {}, "").required();
        some.text("--c", "", value -> {}, "").required();
        some.text("--a", "", value -> {}, "").required();
        assertThatThrownBy(() -> some.parse("--c=")).hasMessage("required flag(s) \"a\", \"b\" not set");
    }

    @Test
    void aNameIsDeclaredOnce() {
        assertThatThrownBy(() -> flags.text("--v", "", value -> {}, ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("pilothouse test flag redefined: v");
    }

    @Test
    void valuesArePrintedAsUpstreamPrintsThem() {
        var some = new FlagSet("x");
        some.duration("--a", "90m", value -> {}, "");
        some.list("--b", List.of("a", "b,c", ""), value -> {}, "");
        some.map("--c", Map.of("b", "1", "a", "2"), value -> {}, "");
        some.fraction("--d", 10, value -> {}, "");
        some.file("--e", null, value -> {}, "");
        some.truth("--f", true, value -> {}, "");
        var texts = new ArrayList<String>();
        for (var flag : some.declared()) {
            texts.add(flag.name() + "=" + flag.text());
        }
        assertThat(texts).containsExactly("a=1h30m0s", "b=[a,\"b,c\",]", "c=a=2,b=1", "d=10", "e=", "f=true");
    }
}
