package io.pilothouse.controlplane.eks;

import io.pilothouse.cloud.protocol.UriCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A method and a URI template; a variable is one segment of the raw path, decoded after the match, so that it may contain slashes. */
record RouteTemplate(String method, List<String> segments) {
    static RouteTemplate parse(String route) {
        String[] words = route.split(" ", -1);
        return new RouteTemplate(words[0], split(words[1]));
    }

    private static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** What stands before the second slash of a path. */
    static String firstSegment(String rawPath) {
        return rawPath.startsWith("/") ? split(rawPath).getFirst() : "";
    }

    /** The variables of a path that fits. */
    Optional<Map<String, String>> match(String requestMethod, String rawPath) {
        if (!method.equals(requestMethod) || !rawPath.startsWith("/")) {
            return Optional.empty();
        }
        List<String> parts = split(
                rawPath.length() > 1 && rawPath.endsWith("/") ? rawPath.substring(0, rawPath.length() - 1) : rawPath);
        if (parts.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String wanted = segments.get(i);
            if (wanted.startsWith("{")) {
                if (parts.get(i).isEmpty()) {
                    return Optional.empty();
                }
                variables.put(wanted.substring(1, wanted.length() - 1), UriCodec.decode(parts.get(i), false));
            } else if (!wanted.equals(parts.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
