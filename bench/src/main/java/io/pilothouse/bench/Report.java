package io.pilothouse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The measured part of docs/performance.md. It stands between two marks; what people wrote around them stays. */
final class Report {
    private static final String BEGIN = "<!-- measured: written by make bench -->";
    private static final String END = "<!-- /measured -->";

    private Report() {}

    /** Puts the sections into the document. @throws IOException when it has no place for them */
    static void write(Path document, String machine, List<Section> sections) throws IOException {
        var text = Files.readString(document);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(document + " has no " + BEGIN + " … " + END);
        }
        Files.writeString(
                document,
                text.substring(0, begin + BEGIN.length())
                        + "\n\n"
                        + machine
                        + "\n\n"
                        + sections.stream().map(Section::markdown).collect(Collectors.joining("\n"))
                        + "\n"
                        + text.substring(end));
    }
}
