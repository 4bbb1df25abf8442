package io.pilothouse.apiserver.flags;

import io.pilothouse.machinery.gotext.GoDuration;
import io.pilothouse.machinery.gotext.GoText;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The flags of one command. Each is declared with its name (with its dashes), the value it has when it isn't given, what takes a value over, and a
 * description; then a command line is read, once. What is wrong with one is told by a {@link FlagException} in the words of pflag and cobra. Not safe for threads.
 */
public final class FlagSet {
    private static final int ROOM = 512;

    private final String command;
    private final Map<String, Flag> flags = new HashMap<>(ROOM);
    private final List<Flag> declared = new ArrayList<>(ROOM);
    private String section = "";

    /** @param command what is typed to start the command, before its flags */
    public FlagSet(String command) {
        this.command = command;
    }

    /** Help lists what is declared next under this word. */
    public void section(String word) {
        section = word;
    }

    /** A text. */
    public Flag text(String name, @Nullable String value, Consumer<String> setter, String description) {
        return add(name, FlagType.TEXT, value, setter::accept, description);
    }

    /** A duration as Go writes them, {@code 1h30m} or {@code 0}; it is checked, and taken over as it is written. */
    public Flag duration(String name, String value, Consumer<String> setter, String description) {
        return add(
                name,
                FlagType.DURATION,
                value,
                text -> {
                    GoDuration.parse(text);
                    setter.accept(text);
                },
                description);
    }

    /** The path of a file or a folder. */
    public Flag file(String name, @Nullable Path value, Consumer<Path> setter, String description) {
        return add(name, FlagType.TEXT, value, text -> setter.accept(Path.of(text)), description);
    }

    /** A URI. */
    public Flag uri(String name, @Nullable URI value, Consumer<URI> setter, String description) {
        return add(name, FlagType.TEXT, value, text -> setter.accept(URI.create(text)), description);
    }

    /** Yes or no; alone it is yes, and a value must follow an equals sign. */
    public Flag truth(String name, boolean value, Consumer<Boolean> setter, String description) {
        return add(name, FlagType.TRUTH, value, text -> setter.accept(GoLiterals.truth(text)), description);
    }

    /** A whole number of 32 bits. */
    public Flag integer(String name, int value, IntConsumer setter, String description) {
        return add(
                name,
                FlagType.INTEGER,
                value,
                text -> setter.accept((int) GoLiterals.integer(text, Integer.MIN_VALUE, Integer.MAX_VALUE)),
                description);
    }

    /** A whole number of 64 bits. */
    public Flag longInteger(String name, long value, LongConsumer setter, String description) {
        return add(
                name,
                FlagType.INTEGER,
                value,
                text -> setter.accept(GoLiterals.integer(text, Long.MIN_VALUE, Long.MAX_VALUE)),
                description);
    }

    /** How much is logged. */
    public Flag level(String name, int value, IntConsumer setter, String description) {
        return add(name, FlagType.LEVEL, value, text -> setter.accept(GoLiterals.level(text)), description);
    }

    /** A number. */
    public Flag fraction(String name, double value, DoubleConsumer setter, String description) {
        return add(name, FlagType.FRACTION, value, text -> setter.accept(GoLiterals.fraction(text)), description);
    }

    /** Texts with commas between, in quotes where they have commas themselves; may be repeated. The first time, the list before is forgotten. */
    public Flag list(String name, List<String> value, Consumer<List<String>> setter, String description) {
        List<String> all = new ArrayList<>();
        return add(
                name,
                FlagType.LIST,
                value,
                text -> {
                    all.addAll(Csv.read(text));
                    setter.accept(all);
                },
                description);
    }

    /** Texts, each by a flag of its own. The first time, the list before is forgotten. */
    public Flag each(String name, List<String> value, Consumer<List<String>> setter, String description) {
        return each(name, value, text -> text, setter, description);
    }

    /** Paths, each by a flag of its own. The first time, the list before is forgotten. */
    public Flag eachFile(String name, List<Path> value, Consumer<List<Path>> setter, String description) {
        return each(name, value, Path::of, setter, description);
    }

    private <T> Flag each(
            String name, List<T> value, Function<String, T> reader, Consumer<List<T>> setter, String description) {
        List<T> all = new ArrayList<>();
        return add(
                name,
                FlagType.EACH,
                value,
                text -> {
                    all.add(reader.apply(text));
                    setter.accept(all);
                },
                description);
    }

    /** Pairs of {@code KEY=VALUE}, each by a flag of its own. The first time, the map before is forgotten. */
    public Flag map(String name, Map<String, String> value, Consumer<Map<String, String>> setter, String description) {
        Map<String, String> all = new LinkedHashMap<>();
        return add(
                name,
                FlagType.MAP,
                value,
                text -> {
                    int at = text.indexOf('=');
                    if (at < 0) {
                        throw new IllegalArgumentException("malformed pair, expect string=string");
                    }
                    all.put(text.substring(0, at).trim(), text.substring(at + 1).trim());
                    setter.accept(all);
                },
                description);
    }

    private Flag add(String name, FlagType type, @Nullable Object value, Flag.Setter setter, String description) {
        var flag = new Flag(name, type, value, setter, description, section);
        if (flags.put(name, flag) != null) {
            throw new IllegalStateException(command + " flag redefined: " + flag.name());
        }
        declared.add(flag);
        return flag;
    }

    /** All flags in the order in which they were declared. */
    public List<Flag> declared() {
        return Collections.unmodifiableList(declared);
    }

    /** What is typed to start the command. */
    public String command() {
        return command;
    }

    /** Reads a whole command line: there is nothing but flags, and those that are required. */
    public void parse(String... arguments) {
        requireNoArguments(read(arguments));
        requireGiven();
    }

    /** Reads the flags of a command line. @return what is none */
    List<String> read(String... arguments) {
        return new FlagReader(this).read(arguments);
    }

    @Nullable
    Flag named(String dashedName) {
        return flags.get(dashedName);
    }

    @Nullable
    Flag lettered(char shorthand) {
        for (var flag : declared) {
            if (flag.shorthand() == shorthand) {
                return flag;
            }
        }
        return null;
    }

    void requireNoArguments(List<String> arguments) {
        for (String argument : arguments) {
            if (!argument.isEmpty()) {
                throw new FlagException(
                        GoText.quote(command) + " does not take any arguments, got " + GoText.quoteList(arguments));
            }
        }
    }

    /** All that are missing are told together. */
    void requireGiven() {
        List<String> missing = new ArrayList<>();
        for (var flag : declared) {
            if (flag.isMissing()) {
                missing.add(flag.name());
            }
        }
        if (!missing.isEmpty()) {
            Collections.sort(missing);
            throw new FlagException("required flag(s) " + GoText.quoteAll(missing) + " not set");
        }
    }
}
