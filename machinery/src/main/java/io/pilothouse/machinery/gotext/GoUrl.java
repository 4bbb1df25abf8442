package io.pilothouse.machinery.gotext;

import java.util.Optional;

/**
 * A URL, taken apart as Go's net/url does it, with its words for what cannot be.
 *
 * @param user what stands before an @ sign
 * @param host with its port
 * @param query as it was written
 */
public record GoUrl(String scheme, Optional<String> user, String host, String path, String query, String fragment) {
    /** @throws IllegalArgumentException with Go's message */
    public static GoUrl parse(String text) {
        try {
            return split(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("parse " + GoText.quote(text) + ": " + e.getMessage(), e);
        }
    }

    private static GoUrl split(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("net/url: invalid control character in URL");
        }
        int hash = text.indexOf('#');
        String fragment = hash < 0 ? "" : text.substring(hash + 1);
        String rest = hash < 0 ? text : text.substring(0, hash);
        checkEscapes(fragment);
        int colon = schemeEnd(rest);
        String scheme = colon < 0 ? "" : rest.substring(0, colon).toLowerCase(java.util.Locale.ROOT);
        rest = rest.substring(colon + 1);
        int question = rest.indexOf('?');
        String query = question < 0 ? "" : rest.substring(question + 1);
        rest = question < 0 ? rest : rest.substring(0, question);
        if (!rest.startsWith("/")) {
            if (!scheme.isEmpty()) {
                return new GoUrl(scheme, Optional.empty(), "", "", query, fragment);
            }
            if (rest.split("/", 2)[0].contains(":")) {
                throw new IllegalArgumentException("first path segment in URL cannot contain colon");
            }
        }
        Optional<String> user = Optional.empty();
        String host = "";
        if (rest.startsWith("//") && (!scheme.isEmpty() || !rest.startsWith("///"))) {
            int slash = rest.indexOf('/', 2);
            String authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
            rest = slash < 0 ? "" : rest.substring(slash);
            int at = authority.lastIndexOf('@');
            user = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
            host = checkHost(authority.substring(at + 1));
        }
        checkEscapes(rest);
        return new GoUrl(scheme, user, host, rest, query, fragment);
    }

    /** Where a scheme ends, or -1. */
    private static int schemeEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                if (i == 0) {
                    throw new IllegalArgumentException("missing protocol scheme");
                }
                return i;
            }
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (!letter && !(later && i > 0)) {
                return -1;
            }
        }
        return -1;
    }

    private static String checkHost(String host) {
        int from = 0;
        if (host.startsWith("[")) {
            from = host.lastIndexOf(']');
            if (from < 0) {
                throw new IllegalArgumentException("missing ']' in host");
            }
        }
        int colon = host.startsWith("[") ? from + 1 : host.lastIndexOf(':');
        if (colon >= 0 && colon < host.length()) {
            String port = host.substring(colon);
            if (!port.matches(":[0-9]*")) {
                throw new IllegalArgumentException("invalid port " + GoText.quote(port) + " after host");
            }
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == ' ' || c == '\\' || c == '^' || c == '`' || c == '{' || c == '|' || c == '}') {
                throw new IllegalArgumentException(
                        "invalid character " + GoText.quote(String.valueOf(c)) + " in host name");
            }
        }
        checkEscapes(host);
        return host;
    }

    private static void checkEscapes(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            String escape = text.substring(i, Math.min(text.length(), i + 3));
            if (!escape.matches("%[0-9a-fA-F]{2}")) {
                throw new IllegalArgumentException("invalid URL escape " + GoText.quote(escape));
            }
        }
    }
}
