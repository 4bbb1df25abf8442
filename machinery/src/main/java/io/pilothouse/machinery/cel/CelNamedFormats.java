package io.pilothouse.machinery.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import io.pilothouse.machinery.field.LabelFormat;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The formats that Kubernetes has names for, as {@code format.dns1123Label().validate(text)}. */
final class CelNamedFormats {
    private static final CelType FORMAT = OpaqueType.create("kubernetes.NamedFormat");
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}");

    private CelNamedFormats() {}

    /** @param check what is wrong with a text; nothing for one that fits */
    private record Format(String name, Function<String, List<String>> check) {}

    private static Map<String, Format> all() {
        Map<String, Format> out = new LinkedHashMap<>();
        add(out, "dns1123Label", LabelFormat::label);
        add(out, "dns1123Subdomain", LabelFormat::subdomain);
        add(out, "dns1035Label", LabelFormat::label1035);
        add(out, "qualifiedName", LabelFormat::key);
        add(out, "dns1123LabelPrefix", text -> LabelFormat.label(prefix(text)));
        add(out, "dns1123SubdomainPrefix", text -> LabelFormat.subdomain(prefix(text)));
        add(out, "dns1035LabelPrefix", text -> LabelFormat.label1035(prefix(text)));
        add(out, "labelValue", LabelFormat::value);
        add(out, "uri", text -> checked(text, CelNamedFormats::uri, "parse \"" + text + "\": invalid URI for request"));
        add(out, "uuid", text -> UUID.matcher(text).matches() ? List.of() : List.of("does not match the UUID format"));
        add(out, "byte", text -> checked(text, Base64.getDecoder()::decode, "invalid base64"));
        add(out, "date", text -> checked(text, LocalDate::parse, "invalid date"));
        add(out, "datetime", text -> checked(text, OffsetDateTime::parse, "invalid datetime"));
        return out;
    }

    private static void add(Map<String, Format> all, String name, Function<String, List<String>> check) {
        all.put(name, new Format(name, check));
    }

    /** A prefix may end with a dash, which the name that is made of it does not. */
    private static String prefix(String text) {
        return text.length() > 1 && text.endsWith("-") ? text.substring(0, text.length() - 1) + "a" : text;
    }

    private static void uri(String text) {
        try {
            if (!text.startsWith("/") && new URI(text).getScheme() == null) {
                throw new IllegalArgumentException("no scheme");
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static List<String> checked(String text, Consumer<String> reader, String otherwise) {
        try {
            reader.accept(text);
            return List.of();
        } catch (IllegalArgumentException | DateTimeException e) {
            return List.of(otherwise);
        }
    }

    static void add(CelLibrary library) {
        Map<String, Format> all = all();
        all.forEach((name, format) ->
                library.global("format." + name, "format-" + name, FORMAT, args -> format, List.of()));
        library.global(
                "format.named",
                "format-named",
                OptionalType.create(FORMAT),
                args -> Optional.ofNullable(all.get((String) args[0])),
                List.of(SimpleType.STRING),
                String.class);
        library.member(
                "validate",
                "format-validate",
                OptionalType.create(ListType.create(SimpleType.STRING)),
                args -> {
                    List<String> problems = ((Format) args[0]).check().apply((String) args[1]);
                    return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
                },
                List.of(FORMAT, SimpleType.STRING),
                Format.class,
                String.class);
    }
}
