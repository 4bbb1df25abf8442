package io.pilothouse.apiserver.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;

/** Paths as Go joins and escapes them. */
final class UrlPath {
    private static final String PLAIN = "-_.~$&+,/:;=@";

    private UrlPath() {}

    /** The shortest path that means the same: no empty parts, no dots. */
    static String clean(String path) {
        boolean rooted = path.startsWith("/");
        var parts = new ArrayDeque<String>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                if (!parts.isEmpty() && !parts.getLast().equals("..")) {
                    parts.removeLast();
                } else if (!rooted) {
                    parts.add(part);
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        String joined = (rooted ? "/" : "") + String.join("/", parts);
        return joined.isEmpty() ? "." : joined;
    }

    /** Two parts joined and cleaned; nothing of nothing. */
    static String join(String first, String second) {
        if (first.isEmpty()) {
            return second.isEmpty() ? "" : clean(second);
        }
        return clean(second.isEmpty() ? first : first + "/" + second);
    }

    /** The same, with the slash that the second part ends with. */
    static String joinKeepingSlash(String first, String second) {
        String joined = join(first, second);
        return second.endsWith("/") && !joined.endsWith("/") ? joined + "/" : joined;
    }

    /** Percent-encodes a plain path. */
    static String escape(String path) {
        var out = new StringBuilder(path.length() + 16);
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || PLAIN.indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            }
        }
        return out.toString();
    }
}
