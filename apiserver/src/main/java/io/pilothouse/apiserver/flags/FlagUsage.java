package io.pilothouse.apiserver.flags;

import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Help, laid out as kube-apiserver's: the flags of each section by their names, with the word for their values, a description and the default. */
final class FlagUsage {
    private FlagUsage() {}

    static String of(FlagSet flags, String description) {
        var out = new StringBuilder(description)
                .append("\n\nUsage:\n  ")
                .append(flags.command())
                .append(" [flags]\n");
        Map<String, List<Flag>> sections = new LinkedHashMap<>();
        for (var flag : flags.declared()) {
            sections.computeIfAbsent(flag.section, word -> new ArrayList<>()).add(flag);
        }
        sections.forEach((word, members) -> {
            out.append('\n')
                    .append(word)
                    .append(word.isEmpty() ? "Flags" : " flags")
                    .append(":\n\n");
            members.sort(Comparator.comparing(Flag::name));
            append(out, members);
        });
        return out.toString();
    }

    private static void append(StringBuilder out, List<Flag> flags) {
        int width = 0;
        for (var flag : flags) {
            width = Math.max(width, head(flag).length());
        }
        for (var flag : flags) {
            String head = head(flag);
            out.append(head).repeat(' ', width - head.length() + 3).append(flag.description);
            out.append(flag.isRequired() ? " (required)" : "")
                    .append(preset(flag))
                    .append('\n');
        }
    }

    private static String head(Flag flag) {
        String letter = flag.hasShorthand() ? "  -" + flag.shorthand() + ", " : "      ";
        return letter + flag.dashedName + (flag.type.word.isEmpty() ? "" : " " + flag.type.word);
    }

    private static String preset(Flag flag) {
        String text = flag.text();
        if (text.equals(flag.type.nothing)) {
            return "";
        }
        return " (default " + (flag.type == FlagType.TEXT ? GoText.quote(text) : text) + ")";
    }
}
