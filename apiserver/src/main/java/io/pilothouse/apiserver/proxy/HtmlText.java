package io.pilothouse.apiserver.proxy;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Character references in the values of HTML attributes. */
final class HtmlText {
    private static final Pattern REFERENCE =
            Pattern.compile("&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]*));");
    private static final Map<String, String> NAMED =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'");
    /** Stands for the ampersand of a reference that is kept as it is. */
    private static final char KEPT = '\uE000';

    private HtmlText() {}

    /** References outside ASCII stay references, so that nothing hangs on the page's encoding. */
    static String unescape(String text) {
        return text.indexOf('&') < 0
                ? text
                : REFERENCE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(character(match)));
    }

    private static String character(MatchResult match) {
        String kept = KEPT + match.group().substring(1);
        if (match.group(3) != null) {
            return NAMED.getOrDefault(match.group(3), kept);
        }
        int code = match.group(1) != null ? Integer.parseInt(match.group(1)) : Integer.parseInt(match.group(2), 16);
        return code > 0 && code < 0x80 ? String.valueOf((char) code) : kept;
    }

    static String escape(String text) {
        var out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '\'' -> out.append("&#39;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&#34;");
                case '\r' -> out.append("&#13;");
                case KEPT -> out.append('&');
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
