package io.pilothouse.machinery.schema.generator;

import io.pilothouse.machinery.schema.TypeSchema;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sources of the Java client that is generated from OpenAPI: its models, and its operations, which alone tell of options. Fields that
 * are objects have no description there.
 */
final class JavaClientSource implements DescriptionSource {
    private static final String LITERAL = "\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"";
    private static final Pattern CLASS = Pattern.compile("@ApiModel\\(description = " + LITERAL + "\\)");
    private static final Pattern GETTER = Pattern.compile("@ApiModelProperty\\((?:required = true, )?(?:example = "
            + LITERAL + ", )?value = " + LITERAL + "\\)\\s*public [^\\n(]* (?:get|is)(\\w+)\\(\\)");
    private static final Pattern PARAMETER = Pattern.compile("@param _?(\\w+) (.*) \\(optional\\)");
    /** An operation that takes the options of a kind. */
    private static final Map<String, String> OPERATIONS = Map.ofEntries(
            Map.entry("ListOptions", "listNamespacedConfigMap"),
            Map.entry("GetOptions", "listNamespacedConfigMap"),
            Map.entry("CreateOptions", "createNamespacedConfigMap"),
            Map.entry("UpdateOptions", "replaceNamespacedConfigMap"),
            Map.entry("PatchOptions", "patchNamespacedConfigMap"),
            Map.entry("DeleteOptions", "deleteNamespacedConfigMap"),
            Map.entry("PodExecOptions", "connectGetNamespacedPodExec"),
            Map.entry("PodAttachOptions", "connectGetNamespacedPodAttach"),
            Map.entry("PodLogOptions", "readNamespacedPodLog"),
            Map.entry("PodPortForwardOptions", "connectGetNamespacedPodPortforward"),
            Map.entry("PodProxyOptions", "connectGetNamespacedPodProxy"),
            Map.entry("NodeProxyOptions", "connectGetNodeProxy"),
            Map.entry("ServiceProxyOptions", "connectGetNamespacedServiceProxy"));

    private final Map<String, String> models;
    private final String core;
    private final Set<String> classTexts = new HashSet<>();
    private final Map<String, Map<String, String>> fields = new HashMap<>();

    JavaClientSource() throws IOException {
        models = SourcesJars.read("client-java-api-", "/openapi/models/");
        core = SourcesJars.read("client-java-api-", "/openapi/apis/").getOrDefault("CoreV1Api.java", "");
        models.values().forEach(m -> classTexts.add(first(CLASS, m)));
    }

    @Override
    public String type(TypeSchema type) {
        return first(CLASS, model(type.name()));
    }

    @Override
    public String field(TypeSchema type, String field) {
        String text = fields.computeIfAbsent(type.name(), n -> fieldsOf(type))
                .getOrDefault(field.toLowerCase(Locale.ROOT), "");
        return classTexts.contains(text) ? "" : text;
    }

    private Map<String, String> fieldsOf(TypeSchema type) {
        Map<String, String> out = new HashMap<>();
        String operation = OPERATIONS.get(type.shortName());
        if (operation != null) {
            Matcher parameter = PARAMETER.matcher(request(operation));
            while (parameter.find()) {
                out.putIfAbsent(
                        parameter.group(1).toLowerCase(Locale.ROOT),
                        SourcesJars.unescape(parameter.group(2).replace("\\&quot;", "\"")));
            }
        }
        Matcher getter = GETTER.matcher(model(type.name()));
        while (getter.find()) {
            out.putIfAbsent(getter.group(3).toLowerCase(Locale.ROOT), unquote(getter.group(2)));
        }
        return out;
    }

    private String request(String operation) {
        int from = core.indexOf("class API" + operation + "Request ");
        int to = core.indexOf(" execute(", from);
        return from < 0 || to < 0 ? "" : core.substring(from, to);
    }

    /** A class is named by version and kind, and by the group too where other groups have the kind. */
    private String model(String name) {
        String[] parts = name.split("\\.", -1);
        if (parts.length < 3) {
            return "";
        }
        String kind = capital(parts[parts.length - 2]) + parts[parts.length - 1];
        return models.getOrDefault(
                capital(parts[parts.length - 3]) + kind + ".java", models.getOrDefault(kind + ".java", ""));
    }

    private static String capital(String word) {
        return word.isEmpty() ? "" : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static String first(Pattern pattern, String source) {
        Matcher found = pattern.matcher(source);
        return found.find() ? unquote(found.group(1)) : "";
    }

    /** The text of a string literal. */
    private static String unquote(String literal) {
        return literal.translateEscapes();
    }
}
