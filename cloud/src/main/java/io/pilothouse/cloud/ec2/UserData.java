package io.pilothouse.cloud.ec2;

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

/** Takes user data apart as cloud-init does: a script, or MIME parts (RFC 2046), each optionally base64 and gzip. */
public final class UserData {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";\\r\\n]+)\"?");

    private UserData() {}

    /** A part and its content type. */
    public record Part(String contentType, String content) {}

    /** The parts of base64-encoded user data; none when it is empty. */
    public static List<Part> parts(String base64) {
        if (base64.isBlank()) {
            return List.of();
        }
        String text = inflate(Base64.getMimeDecoder().decode(base64));
        Matcher boundary = BOUNDARY.matcher(text);
        if (text.toLowerCase(Locale.ROOT).contains("content-type: multipart/") && boundary.find()) {
            return multipart(text, boundary.group(1).strip());
        }
        return List.of(new Part(text.startsWith("#!") ? "text/x-shellscript" : "text/plain", text));
    }

    private static List<Part> multipart(String text, String boundary) {
        List<Part> parts = new ArrayList<>();
        String[] pieces = text.split("(?m)^--" + Pattern.quote(boundary), -1);
        for (int i = 1; i < pieces.length; i++) {
            if (pieces[i].startsWith("--")) {
                break;
            }
            String piece = pieces[i].replace("\r\n", "\n");
            int blank = piece.indexOf("\n\n");
            if (blank >= 0) {
                String head = piece.substring(0, blank).toLowerCase(Locale.ROOT);
                String body = piece.substring(blank + 2);
                if (head.contains("content-transfer-encoding: base64")) {
                    body = inflate(Base64.getMimeDecoder().decode(body));
                }
                parts.add(new Part(contentType(head), body.endsWith("\n") ? body : body + "\n"));
            }
        }
        return parts;
    }

    private static String contentType(String head) {
        for (String line : head.split("\n", -1)) {
            if (line.startsWith("content-type:")) {
                return line.substring(13).split(";", 2)[0].strip();
            }
        }
        return "text/plain";
    }

    private static String inflate(byte[] bytes) {
        if (bytes.length > 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return new String(in.readNBytes(1 << 20), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new IllegalArgumentException("user data is not good gzip", e);
            }
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
