package io.pilothouse.apiserver.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Percent-decoding of paths, where a plus is a plus. */
final class Paths {
    private Paths() {}

    static String decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return raw;
        }
    }
}
