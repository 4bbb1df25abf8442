package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.selector.SelectorException;
import java.util.Collection;
import java.util.TreeSet;

/** Texts of cells that several kinds' tables share. */
public final class Cells {
    private Cells() {}

    /** A map as a selector reads: a=1,b=2. */
    public static String labels(JsonNode map) {
        var out = new TreeSet<String>();
        map.properties().forEach(e -> out.add(e.getKey() + "=" + e.getValue().asText()));
        return out.isEmpty() ? "<none>" : String.join(",", out);
    }

    /** A label selector as kubectl writes it. */
    public static String selector(JsonNode selector) {
        try {
            String text = LabelSelector.fromNode(selector).toString();
            return text.isEmpty() ? "<none>" : text;
        } catch (SelectorException e) {
            return "<error>";
        }
    }

    /** The addresses and names of a load balancer, sorted. */
    public static Collection<String> loadBalancer(JsonNode status) {
        var out = new TreeSet<String>();
        for (var point : status.path("ingress")) {
            String ip = point.path("ip").asText("");
            String shown = ip.isEmpty() ? point.path("hostname").asText("") : ip;
            if (!shown.isEmpty()) {
                out.add(shown);
            }
        }
        return out;
    }
}
