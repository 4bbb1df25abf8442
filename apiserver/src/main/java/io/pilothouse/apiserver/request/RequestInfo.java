package io.pilothouse.apiserver.request;

import java.util.List;
import java.util.Set;

/**
 * What a request asks for, read from its method, path and query alone, the way upstream's request info factory reads
 * it: {@code /api/v1/…} and {@code /apis/GROUP/VERSION/…} are resource requests, all else is a path.
 *
 * @param verb get, list, watch, create, update, patch, delete, deletecollection, proxy verbs as the method gives; for a
 *     non-resource request the lower-case method
 * @param path the path, percent-decoded
 * @param parts what follows the version, percent-decoded, without the namespace prefix
 */
public record RequestInfo(
        boolean isResource,
        String verb,
        String path,
        String prefix,
        String group,
        String version,
        String namespace,
        String resource,
        String subresource,
        String name,
        List<String> parts) {

    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

    /** The resource with its subresource, as authorizers see it. */
    public String fullResource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }

    public RequestInfo inNamespace(String other) {
        return new RequestInfo(
                isResource, verb, path, prefix, group, version, other, resource, subresource, name, parts);
    }

    public boolean readOnly() {
        return switch (verb) {
            case "get", "list", "watch", "head" -> true;
            default -> false;
        };
    }

    /** Whether the answer lasts as long as the client likes: no deadline and no place among the in-flight requests. */
    public boolean longRunning() {
        if (!isResource) {
            return path.startsWith("/debug/pprof/");
        }
        return verb.equals("watch")
                || switch (subresource) {
                    case "proxy", "exec", "attach", "portforward", "log" -> true;
                    default -> false;
                };
    }

    public static RequestInfo parse(String method, String path, Query query) {
        var segments = split(path);
        if (segments.isEmpty()
                || !(segments.getFirst().equals("api") || segments.getFirst().equals("apis"))) {
            return nonResource(method, path);
        }
        boolean core = segments.getFirst().equals("api");
        int versionAt = core ? 1 : 2;
        if (segments.size() <= versionAt + 1) {
            return nonResource(method, path);
        }
        String group = core ? "" : segments.get(1);
        String version = segments.get(versionAt);
        var rest = segments.subList(versionAt + 1, segments.size());
        String verb = verbOf(method);
        if (rest.size() > 1
                && (rest.getFirst().equals("watch") || rest.getFirst().equals("proxy"))) {
            // The two old path forms; "watch" alone is still served.
            verb = rest.getFirst();
            rest = rest.subList(1, rest.size());
        }
        String namespace = "";
        if (rest.getFirst().equals("namespaces")) {
            if (rest.size() > 1) {
                namespace = rest.get(1);
                if (rest.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(rest.get(2))) {
                    rest = rest.subList(2, rest.size());
                }
            }
        }
        String resource = rest.getFirst();
        String name = rest.size() > 1 ? rest.get(1) : "";
        String subresource = rest.size() > 2 ? rest.get(2) : "";
        if (name.isEmpty() && verb.equals("get")) {
            verb = query.has("watch") && !isFalse(query.first("watch")) ? "watch" : "list";
            name = nameOfFieldSelector(query.first("fieldSelector"));
        } else if (name.isEmpty() && verb.equals("delete")) {
            verb = "deletecollection";
        }
        return new RequestInfo(
                true,
                verb,
                path,
                core ? "api" : "apis",
                group,
                version,
                namespace,
                resource,
                subresource,
                name,
                List.copyOf(rest));
    }

    private static RequestInfo nonResource(String method, String path) {
        return new RequestInfo(
                false, method.toLowerCase(java.util.Locale.ROOT), path, "", "", "", "", "", "", "", List.of());
    }

    /** Upstream's reading of a boolean parameter: only "false" and "0" say no, an empty value says yes. */
    public static boolean isFalse(String value) {
        return value.equals("0") || value.equalsIgnoreCase("false");
    }

    /** A selector of one name is a request for that name, to those who authorize by name. */
    private static String nameOfFieldSelector(String selector) {
        for (String term : selector.split(",", -1)) {
            for (String form : List.of("metadata.name==", "metadata.name=")) {
                if (term.startsWith(form)) {
                    String name = term.substring(form.length());
                    return isPathSegment(name) ? name : "";
                }
            }
        }
        return "";
    }

    private static boolean isPathSegment(String name) {
        return !name.equals(".") && !name.equals("..") && name.indexOf('/') < 0 && name.indexOf('%') < 0;
    }

    private static String verbOf(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "GET", "HEAD" -> "get";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "";
        };
    }

    private static List<String> split(String path) {
        var out = new java.util.ArrayList<String>();
        String trimmed = path;
        while (trimmed.startsWith("/")) {
            trimmed = trimmed.substring(1);
        }
        while (trimmed.endsWith("/")) {
            trimmed = trimmed.substring(0, trimmed.length() - 1);
        }
        if (!trimmed.isEmpty()) {
            out.addAll(List.of(trimmed.split("/", -1)));
        }
        return out;
    }
}
