package io.pilothouse.apiserver.flags;

import io.pilothouse.machinery.gotext.GoDuration;
import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What kind of value a flag takes: what help calls it, and how a value is printed. */
enum FlagType {
    TRUTH("", "false"),
    TEXT("string", ""),
    DURATION("duration", "0s"),
    INTEGER("int", "0"),
    FRACTION("float", "0"),
    LEVEL("Level", "0"),
    /** Lists that are split at commas. */
    LIST("strings", "[]"),
    /** Lists with one entry each time that the flag is given. */
    EACH("stringArray", "[]"),
    MAP("mapStringString", "");

    /** What stands for the value in help; empty where none need follow. */
    final String word;

    /** The text of a value that help doesn't name as a default. */
    final String nothing;

    FlagType(String word, String nothing) {
        this.word = word;
        this.nothing = nothing;
    }

    String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Double number -> GoText.shortest(number);
            case Collection<?> all -> list(all);
            case Map<?, ?> pairs -> pairs(pairs);
            default -> this == DURATION ? duration(value.toString()) : value.toString();
        };
    }

    /** As Go prints it, whatever way it was written. */
    private static String duration(String text) {
        try {
            return GoDuration.text(GoDuration.parse(text));
        } catch (IllegalArgumentException e) {
            return text; // set by code, not by a flag: the options say what is wrong with it
        }
    }

    private static String list(Collection<?> all) {
        List<String> texts = new ArrayList<>();
        for (Object one : all) {
            texts.add(one.toString());
        }
        return "[" + Csv.write(texts) + "]";
    }

    private static String pairs(Map<?, ?> pairs) {
        List<String> texts = new ArrayList<>();
        for (var pair : pairs.entrySet()) {
            texts.add(pair.getKey() + "=" + pair.getValue());
        }
        Collections.sort(texts);
        return String.join(",", texts);
    }
}
