package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.Params;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The filters of Describe calls: all must hold, each by any of its values; {@code *} and {@code ?} match as in EC2. */
final class Filters {
    private Filters() {}

    /** The items that pass; {@code tag:} filters are looked up in the item's tags, others in the named values. */
    static <T> List<T> apply(
            Params params,
            List<T> items,
            Function<T, Map<String, String>> tags,
            Map<String, Function<T, String>> known) {
        List<T> left = items;
        for (Params filter : params.structs("Filter")) {
            String name = filter.required("Name");
            List<String> values = filter.list("Value");
            Function<T, String> value;
            if (name.startsWith("tag:")) {
                value = item -> tags.apply(item).getOrDefault(name.substring(4), "\0");
            } else {
                Function<T, String> found = known.get(name);
                if (found == null && !name.equals("tag-key")) {
                    throw new AwsException(400, "InvalidParameterValue", "The filter '" + name + "' is invalid");
                }
                value = found == null
                        ? item -> String.join("\n", tags.apply(item).keySet())
                        : found;
            }
            left = left.stream()
                    .filter(item -> matches(value.apply(item), values))
                    .toList();
        }
        return left;
    }

    /** An item's value may be several lines; one of them must match. */
    private static boolean matches(String actual, List<String> patterns) {
        return actual.lines().anyMatch(line -> patterns.stream().anyMatch(p -> line.matches(regex(p))))
                || (actual.isEmpty() && patterns.contains(""));
    }

    private static String regex(String pattern) {
        StringBuilder out = new StringBuilder();
        pattern.chars()
                .forEach(c -> out.append(
                        c == '*' ? ".*" : c == '?' ? "." : java.util.regex.Pattern.quote(Character.toString(c))));
        return out.toString();
    }

    /** The items with the given ids, in their order; all when none are given; an unknown id is refused. */
    static <T> List<T> byId(List<String> ids, List<T> all, Function<T, String> id, String kind) {
        if (ids.isEmpty()) {
            return all;
        }
        return ids.stream()
                .map(wanted -> all.stream()
                        .filter(i -> id.apply(i).equals(wanted))
                        .findFirst()
                        .orElseThrow(() -> Ec2Store.notFound(kind, wanted)))
                .toList();
    }
}
