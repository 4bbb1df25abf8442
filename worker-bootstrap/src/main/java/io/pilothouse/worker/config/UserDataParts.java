package io.pilothouse.worker.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** The NodeConfig documents in an instance's user data: it as a whole, or its MIME parts of that type; base64 and gzip are undone. */
public final class UserDataParts {
    private static final String TYPE = "application/node.eks.aws";
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";\\s]+)\"?", Pattern.CASE_INSENSITIVE);

    private UserDataParts() {}

    /**
     * The documents, in order; none when the user data is for others.
     *
     * @throws IOException when it is malformed
     */
    public static List<String> nodeConfigs(byte[] userData) throws IOException {
        String text = decode(userData);
        String head = text.split("\\R\\R", 2)[0];
        if (!head.toLowerCase(Locale.ROOT).contains("content-type: multipart/")) {
            return text.contains("node.eks.aws/") && !text.startsWith("#!") ? List.of(text) : List.of();
        }
        Matcher boundary = BOUNDARY.matcher(head);
        if (!boundary.find()) {
            throw new IOException("multipart user data has no boundary");
        }
        List<String> found = new ArrayList<>();
        String[] parts = text.split("(?m)^--" + Pattern.quote(boundary.group(1)) + "(--)?[ \\t]*\\R?", -1);
        for (int i = 1; i < parts.length; i++) {
            String[] halves = parts[i].split("\\R\\R", 2);
            if (halves.length == 2 && halves[0].toLowerCase(Locale.ROOT).contains(TYPE)) {
                found.add(decode(halves[1].strip().getBytes(StandardCharsets.ISO_8859_1)));
            }
        }
        return found;
    }

    private static String decode(byte[] data) throws IOException {
        byte[] bytes = data;
        if (!isGzip(bytes)) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
            if (!text.isEmpty() && text.matches("[A-Za-z0-9+/\\s]+=*")) {
                try {
                    bytes = Base64.getMimeDecoder().decode(text);
                } catch (IllegalArgumentException e) {
                    throw new IOException("user data looks like base64 but is not", e);
                }
            }
        }
        if (isGzip(bytes)) {
            try (GZIPInputStream unzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                bytes = unzip.readNBytes(MAX_BYTES + 1);
            }
            if (bytes.length > MAX_BYTES) {
                throw new IOException("user data is longer than " + MAX_BYTES + " bytes");
            }
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean isGzip(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == 0x1f && (bytes[1] & 0xff) == 0x8b;
    }
}
