package io.pilothouse.http.streams;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A terminal's size in characters, as clients send it on the resize channel: {@code {"Width":80,"Height":24}}, one after the other. */
public record TerminalSize(int width, int height) {
    private static final int MAX_EVENT_BYTES = 1024;
    private static final Pattern WIDTH = Pattern.compile("\"width\"\\s*:\\s*(\\d{1,5})", Pattern.CASE_INSENSITIVE);
    private static final Pattern HEIGHT = Pattern.compile("\"height\"\\s*:\\s*(\\d{1,5})", Pattern.CASE_INSENSITIVE);

    /**
     * The next size; blocks. Empty at the end.
     *
     * @throws IOException when something else is sent
     */
    public static Optional<TerminalSize> read(InputStream resizeEvents) throws IOException {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        for (int next = resizeEvents.read(); next >= 0; next = resizeEvents.read()) {
            event.write(next);
            if (next == '}') {
                String text = event.toString(StandardCharsets.UTF_8);
                return Optional.of(new TerminalSize(number(WIDTH, text), number(HEIGHT, text)));
            }
            if (event.size() > MAX_EVENT_BYTES) {
                throw new IOException("malformed terminal size");
            }
        }
        return Optional.empty();
    }

    private static int number(Pattern pattern, String text) throws IOException {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IOException("malformed terminal size");
        }
        return Integer.parseInt(found.group(1));
    }
}
