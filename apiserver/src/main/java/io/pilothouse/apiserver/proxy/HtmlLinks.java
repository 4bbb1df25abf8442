package io.pilothouse.apiserver.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Rewrites the links in a page: start tags are written anew as upstream's tokenizer does, all else stays as it is, byte for byte. */
final class HtmlLinks {
    private static final Map<String, Set<String>> LINKS = Map.ofEntries(
            Map.entry("a", Set.of("href")),
            Map.entry("applet", Set.of("codebase")),
            Map.entry("area", Set.of("href")),
            Map.entry("audio", Set.of("src")),
            Map.entry("base", Set.of("href")),
            Map.entry("blockquote", Set.of("cite")),
            Map.entry("body", Set.of("background")),
            Map.entry("button", Set.of("formaction")),
            Map.entry("command", Set.of("icon")),
            Map.entry("del", Set.of("cite")),
            Map.entry("embed", Set.of("src")),
            Map.entry("form", Set.of("action")),
            Map.entry("frame", Set.of("longdesc", "src")),
            Map.entry("head", Set.of("profile")),
            Map.entry("html", Set.of("manifest")),
            Map.entry("iframe", Set.of("longdesc", "src")),
            Map.entry("img", Set.of("longdesc", "src", "usemap")),
            Map.entry("input", Set.of("src", "usemap", "formaction")),
            Map.entry("ins", Set.of("cite")),
            Map.entry("link", Set.of("href")),
            Map.entry("object", Set.of("classid", "codebase", "data", "usemap")),
            Map.entry("q", Set.of("cite")),
            Map.entry("script", Set.of("src")),
            Map.entry("source", Set.of("src")),
            Map.entry("video", Set.of("poster", "src")));
    /** Elements whose content is text, up to their end tag. */
    private static final Set<String> TEXT =
            Set.of("iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp");

    private final String page;
    private final UnaryOperator<String> links;
    private final StringBuilder out;
    private int at;

    private HtmlLinks(String page, UnaryOperator<String> links) {
        this.page = page;
        this.links = links;
        this.out = new StringBuilder(page.length() + 256);
    }

    /**
     * Rewrites a page.
     *
     * @param page its bytes as characters (ISO 8859-1), so that any of ASCII's supersets will do
     * @param links of a link gives the new one; throws IllegalArgumentException for what is none, which stays then
     */
    static String rewrite(String page, UnaryOperator<String> links) {
        var rewriter = new HtmlLinks(page, links);
        rewriter.run();
        return rewriter.out.toString();
    }

    private record Attribute(String name, String value) {}

    private void run() {
        while (at < page.length()) {
            int tag = page.indexOf('<', at);
            if (tag < 0 || tag + 1 >= page.length()) {
                break;
            }
            out.append(page, at, tag);
            at = tag;
            char next = page.charAt(tag + 1);
            if (isLetter(next)) {
                if (!startTag()) {
                    break;
                }
            } else if (page.startsWith("<!--", tag)) {
                copyThrough("-->", tag + 4);
            } else if (next == '!' || next == '?' || next == '/') {
                copyThrough(">", tag + 1);
            } else {
                out.append('<');
                at++;
            }
        }
        out.append(page, at, page.length());
    }

    private void copyThrough(String end, int from) {
        int found = page.indexOf(end, from);
        int stop = found < 0 ? page.length() : found + end.length();
        out.append(page, at, stop);
        at = stop;
    }

    /** @return false where the page ends within the tag */
    private boolean startTag() {
        int start = at;
        int i = at + 1;
        while (i < page.length() && !isSpace(page.charAt(i)) && page.charAt(i) != '/' && page.charAt(i) != '>') {
            i++;
        }
        String name = page.substring(at + 1, i).toLowerCase(Locale.ROOT);
        var attributes = new ArrayList<Attribute>();
        at = i;
        while (at < page.length() && page.charAt(at) != '>') {
            if (isSpace(page.charAt(at)) || page.charAt(at) == '/') {
                at++;
            } else {
                attributes.add(attribute());
            }
        }
        if (at >= page.length()) {
            at = start;
            return false;
        }
        boolean closesItself = page.charAt(at - 1) == '/';
        at++;
        write(name, attributes, closesItself);
        if (TEXT.contains(name) && !closesItself) {
            text(name);
        }
        return true;
    }

    private Attribute attribute() {
        int start = at++;
        while (at < page.length() && !isSpace(page.charAt(at)) && "/>=".indexOf(page.charAt(at)) < 0) {
            at++;
        }
        String name = page.substring(start, at).toLowerCase(Locale.ROOT);
        int value = at;
        while (value < page.length() && isSpace(page.charAt(value))) {
            value++;
        }
        if (value >= page.length() || page.charAt(value) != '=') {
            return new Attribute(name, "");
        }
        value++;
        while (value < page.length() && isSpace(page.charAt(value))) {
            value++;
        }
        at = value;
        if (value >= page.length() || page.charAt(value) == '>') {
            return new Attribute(name, "");
        }
        char quote = page.charAt(value);
        if (quote == '"' || quote == '\'') {
            int end = page.indexOf(quote, value + 1);
            at = end < 0 ? page.length() : end + 1;
            return new Attribute(name, page.substring(value + 1, end < 0 ? page.length() : end));
        }
        while (at < page.length() && !isSpace(page.charAt(at)) && page.charAt(at) != '>') {
            at++;
        }
        return new Attribute(name, page.substring(value, at));
    }

    private void write(String tag, List<Attribute> attributes, boolean closesItself) {
        var linking = LINKS.getOrDefault(tag, Set.of());
        out.append('<').append(tag);
        for (var attribute : attributes) {
            String value = HtmlText.unescape(attribute.value());
            if (linking.contains(attribute.name())) {
                try {
                    value = links.apply(value);
                } catch (IllegalArgumentException noLink) {
                    // What cannot be read is not this proxy's to judge.
                }
            }
            out.append(' ').append(attribute.name()).append("=\"");
            out.append(HtmlText.escape(value)).append('"');
        }
        out.append(closesItself ? "/>" : ">");
    }

    private void text(String tag) {
        String lower = page.toLowerCase(Locale.ROOT);
        int end = lower.indexOf("</" + tag, at);
        int stop = end < 0 ? page.length() : end;
        out.append(page, at, stop);
        at = stop;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f';
    }
}
