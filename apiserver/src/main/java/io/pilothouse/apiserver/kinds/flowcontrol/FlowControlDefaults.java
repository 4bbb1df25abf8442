package io.pilothouse.apiserver.kinds.flowcontrol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.WordTable;
import io.pilothouse.machinery.codec.TypedReader;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Upstream's mandatory and suggested priority levels and flow schemas, read from the table {@code flowcontrol.txt}. Immutable. */
public final class FlowControlDefaults {
    /** Says whether the server keeps an object as it knows it. */
    public static final String AUTO_UPDATE = "apf.kubernetes.io/autoupdate-spec";

    private static final String VERSION = "flowcontrol.apiserver.k8s.io/v1";
    private static final String MANDATORY = "mandatory";
    private static final int LEVEL_QUEUES = 5;

    private final List<Entry> levels = new ArrayList<>();
    private final List<Entry> schemas = new ArrayList<>();

    /**
     * An object that every cluster has.
     *
     * @param mandatory whether clients cannot change it
     */
    public record Entry(ObjectNode object, boolean mandatory) {}

    private FlowControlDefaults() {}

    /** Reads the table. */
    public static FlowControlDefaults load(Schemas schemas) {
        var defaults = new FlowControlDefaults();
        WordTable.lines(FlowControlDefaults.class, "flowcontrol.txt").forEach(defaults::take);
        defaults.levels.replaceAll(entry -> canonical(entry, schemas));
        defaults.schemas.replaceAll(entry -> canonical(entry, schemas));
        return defaults;
    }

    /** As a client's object would be read, so that the two can be compared. */
    private static Entry canonical(Entry entry, Schemas schemas) {
        return new Entry(
                TypedReader.read(entry.object(), schemas.type(GroupVersionKind.of(entry.object()))), entry.mandatory());
    }

    /** Priority levels. */
    public List<Entry> levels() {
        return levels;
    }

    /** Flow schemas. */
    public List<Entry> schemas() {
        return schemas;
    }

    /** The spec that clients cannot change. */
    static Optional<ObjectNode> fixed(List<Entry> entries, String name) {
        return entries.stream()
                .filter(e -> e.mandatory() && ObjectMeta.name(e.object()).equals(name))
                .map(e -> e.object().withObjectProperty("spec"))
                .findFirst();
    }

    private void take(String line) {
        var words = WordTable.words(line);
        boolean mandatory = words.remove(MANDATORY);
        switch (words.getFirst()) {
            case "level" -> levels.add(new Entry(level(words), mandatory));
            case "schema" -> schemas.add(new Entry(schema(words), mandatory));
            default -> rule(schemas.getLast().object(), words);
        }
    }

    private static ObjectNode object(String kind, String name) {
        var object = JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", VERSION);
        object.putObject("metadata").put("name", name).putObject("annotations").put(AUTO_UPDATE, "true");
        return object;
    }

    private static ObjectNode level(List<String> words) {
        var level = object("PriorityLevelConfiguration", words.get(1));
        var spec = level.putObject("spec");
        String response = words.get(2);
        boolean exempt = response.equals("exempt");
        spec.put("type", exempt ? "Exempt" : "Limited");
        var limits = spec.putObject(exempt ? "exempt" : "limited");
        limits.put("nominalConcurrencyShares", number(words, 3));
        if (!exempt) {
            boolean queues = response.equals("queue");
            var limitResponse = limits.putObject("limitResponse").put("type", queues ? "Queue" : "Reject");
            if (queues) {
                limitResponse
                        .putObject("queuing")
                        .put("queues", number(words, LEVEL_QUEUES))
                        .put("handSize", number(words, LEVEL_QUEUES + 1))
                        .put("queueLengthLimit", number(words, LEVEL_QUEUES + 2));
            }
        }
        limits.put("lendablePercent", number(words, 4));
        return level;
    }

    private static int number(List<String> words, int at) {
        return Integer.parseInt(words.get(at));
    }

    private static ObjectNode schema(List<String> words) {
        var schema = object("FlowSchema", words.get(1));
        var spec = schema.putObject("spec");
        spec.putObject("priorityLevelConfiguration").put("name", words.get(2));
        spec.put("matchingPrecedence", number(words, 3));
        if (!words.get(4).equals("-")) {
            spec.putObject("distinguisherMethod").put("type", words.get(4));
        }
        var subjects = spec.putArray("rules").addObject().putArray("subjects");
        words.subList(5, words.size()).forEach(subject -> subject(subjects, subject));
        return schema;
    }

    private static void subject(ArrayNode subjects, String text) {
        int colon = text.indexOf(':');
        String kind = text.substring(0, colon);
        String name = text.substring(colon + 1);
        var subject = subjects.addObject().put("kind", kind);
        switch (kind) {
            case "User" -> subject.putObject("user").put("name", name);
            case "Group" -> subject.putObject("group").put("name", name);
            default -> {
                int slash = name.indexOf('/');
                subject.putObject("serviceAccount")
                        .put("namespace", name.substring(0, slash))
                        .put("name", name.substring(slash + 1));
            }
        }
    }

    private static void rule(ObjectNode schema, List<String> words) {
        var rules = (ObjectNode) schema.path("spec").path("rules").path(0);
        if (words.getFirst().equals("urls")) {
            var rule = rules.withArrayProperty("nonResourceRules").addObject();
            list(rule, "verbs", words.get(1));
            list(rule, "nonResourceURLs", words.get(2));
            return;
        }
        var rule = rules.withArrayProperty("resourceRules").addObject();
        list(rule, "verbs", words.get(1));
        list(rule, "apiGroups", words.get(2));
        list(rule, "resources", words.get(3));
        if (words.size() > 4) {
            rule.put("clusterScope", true);
        }
        list(rule, "namespaces", "*");
    }

    private static void list(ObjectNode rule, String field, String words) {
        var list = rule.putArray(field);
        WordTable.list(words).forEach(list::add);
    }
}
