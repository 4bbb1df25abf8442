package io.pilothouse.apiserver.flags;

import java.util.ArrayList;
import java.util.List;

/** Lists in one text, as Go's encoding/csv reads and writes one record. */
final class Csv {
    private Csv() {}

    /** Reads a list; nothing at all is an empty one. @throws IllegalArgumentException in Go's words */
    static List<String> read(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            at = (text.startsWith("\"", at) ? quoted(text, at, fields) : plain(text, at, fields)) + 1;
        }
        return fields;
    }

    /** @return where the field ends: at its comma, or at the end */
    private static int plain(String text, int from, List<String> fields) {
        int comma = text.indexOf(',', from);
        int end = comma < 0 ? text.length() : comma;
        int quote = text.indexOf('"', from);
        if (quote >= 0 && quote < end) {
            throw wrong(quote + 1, "bare \" in non-quoted-field");
        }
        fields.add(text.substring(from, end));
        return end;
    }

    private static int quoted(String text, int from, List<String> fields) {
        var field = new StringBuilder();
        int at = from + 1;
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                throw wrong(text.length() + 1, "extraneous or missing \" in quoted-field");
            }
            field.append(text, at, quote);
            at = quote + 1;
            if (text.startsWith("\"", at)) {
                field.append('"');
                at++;
            } else if (at == text.length() || text.charAt(at) == ',') {
                fields.add(field.toString());
                return at;
            } else {
                throw wrong(quote + 1, "extraneous or missing \" in quoted-field");
            }
        }
    }

    private static IllegalArgumentException wrong(int column, String what) {
        return new IllegalArgumentException("parse error on line 1, column " + column + ": " + what);
    }

    /** Writes a list so that it can be read. */
    static String write(List<String> fields) {
        var out = new StringBuilder();
        String comma = "";
        for (String field : fields) {
            out.append(comma);
            comma = ",";
            if (needsQuotes(field)) {
                out.append('"').append(field.replace("\"", "\"\"")).append('"');
            } else {
                out.append(field);
            }
        }
        return out.toString();
    }

    private static boolean needsQuotes(String field) {
        if (field.isEmpty()) {
            return false;
        }
        return field.equals("\\.")
                || field.indexOf(',') >= 0
                || field.indexOf('"') >= 0
                || field.indexOf('\n') >= 0
                || field.indexOf('\r') >= 0
                || Character.isWhitespace(field.codePointAt(0));
    }
}
