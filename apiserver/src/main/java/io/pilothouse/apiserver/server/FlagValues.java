package io.pilothouse.apiserver.server;

import io.pilothouse.machinery.gotext.GoDuration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The flags of a server with their values, printed as upstream prints them. None of them is a secret: those lie in the files they name. */
final class FlagValues {
    private static final String DURATION = "([0-9.]+(h|m|s|ms))+";

    private FlagValues() {}

    /** By the flags' names, sorted. */
    static Map<String, String> of(ApiServerOptions options) {
        var values = new TreeMap<String, String>();
        for (var option : CommandSpec.forAnnotatedObject(options).options()) {
            values.put(option.longestName().replaceFirst("^--?", ""), text(option));
        }
        return values;
    }

    private static String text(OptionSpec option) {
        @Nullable Object value = option.getValue();
        return switch (value) {
            case null -> option.type() == Boolean.class ? "true" : ""; // what is not said there is allowed
            case Collection<?> all -> all.stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
            case String text
            when text.matches(DURATION)
                    && option.defaultValue() != null
                    && option.defaultValue().matches(DURATION) -> GoDuration.text(GoDuration.parse(text));
            default -> value.toString();
        };
    }
}
