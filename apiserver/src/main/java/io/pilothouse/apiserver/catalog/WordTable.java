package io.pilothouse.apiserver.catalog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * A table of words that is packed with a class: lines of words with spaces between them; one that begins with # says something about the others.
 * Regular expressions would take as long as all else that is done with such a table at a start.
 */
public final class WordTable {
    private WordTable() {}

    /** The lines that hold something. */
    public static List<String> lines(Class<?> owner, String name) {
        var lines = new ArrayList<String>();
        try (var in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            var text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
        return lines;
    }

    /** The words of a line; the list is the caller's. */
    public static List<String> words(String line) {
        var words = new ArrayList<String>();
        for (var each = new StringTokenizer(line, " "); each.hasMoreTokens(); ) {
            words.add(each.nextToken());
        }
        return words;
    }

    /** What a word says with commas between; {@code ""} is the empty one. */
    public static List<String> list(String word) {
        var list = new ArrayList<String>();
        for (var each = new StringTokenizer(word, ","); each.hasMoreTokens(); ) {
            String one = each.nextToken();
            list.add(one.equals("\"\"") ? "" : one);
        }
        return list;
    }
}
