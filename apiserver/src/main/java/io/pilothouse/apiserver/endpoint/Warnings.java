package io.pilothouse.apiserver.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the client is to be warned of, each text once. All texts together are held below upstream's bound: beyond it each is cut
 * short, and beyond it again the rest is left out. For one thread.
 */
public final class Warnings {
    private static final int TOTAL_LIMIT = 4 * 1024;
    private static final int TEXT_LIMIT = 256;

    private final Set<String> texts = new LinkedHashSet<>();
    private final List<String> shown = new ArrayList<>();
    private int length;
    private boolean cutting;

    void add(String text) {
        if (text.isEmpty() || (cutting && length >= TOTAL_LIMIT) || !texts.add(text)) {
            return;
        }
        if (!cutting && length + text.codePointCount(0, text.length()) > TOTAL_LIMIT) {
            cutting = true;
            length = 0;
            shown.clear();
            texts.forEach(this::show);
        } else {
            show(text);
        }
    }

    private void show(String text) {
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            return;
        }
        int runes = text.codePointCount(0, text.length());
        boolean cut = cutting && runes > TEXT_LIMIT;
        length += cut ? TEXT_LIMIT : runes;
        shown.add(cut ? text.substring(0, text.offsetByCodePoints(0, TEXT_LIMIT)) : text);
    }

    /** The values of the Warning headers, in UTF-8 as bytes are written into header fields: a character a byte. */
    List<String> headerValues() {
        return shown.stream()
                .map(text -> "299 - \"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                .toList();
    }
}
