package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Ports of containers that are in each other's way. */
final class PortWarnings {
    private PortWarnings() {}

    /** A port and where it stands. */
    private record Placed(FieldPath path, JsonNode port) {
        String hostIp() {
            return port.path("hostIP").asText("");
        }

        long hostPort() {
            return port.path("hostPort").asLong();
        }
    }

    static void of(JsonNode spec, FieldPath path, List<String> warnings) {
        var ports = new HashMap<String, List<Placed>>();
        eachPort(spec, path, (at, port) -> {
            var placed = new Placed(at, port);
            if (!placed.hostIp().isEmpty() && placed.hostPort() == 0) {
                warnings.add(at + ": hostIP set without hostPort: " + printed(port));
            }
            String key = port.path("containerPort").asLong() + "/"
                    + port.path("protocol").asText("");
            var others = ports.computeIfAbsent(key, k -> new ArrayList<>());
            others.forEach(other -> conflict(placed, other, warnings));
            others.add(placed);
        });
        Map<String, FieldPath> names = new HashMap<>();
        eachPort(spec, path, (at, port) -> {
            String name = port.path("name").asText("");
            if (name.isEmpty()) {
                return;
            }
            var other = names.putIfAbsent(name, at);
            if (other != null) {
                warnings.add(at + ": duplicate port name " + GoText.quote(name) + " with " + other
                        + ", services and probes that select ports by name will use " + other);
            }
        });
    }

    private static void conflict(Placed port, Placed other, List<String> warnings) {
        boolean sameIp = port.hostIp().equals(other.hostIp());
        boolean samePort = port.hostPort() == other.hostPort();
        if (sameIp && samePort) {
            warnings.add(port.path() + ": duplicate port definition with " + other.path());
        } else if (port.hostPort() == 0 || other.hostPort() == 0) {
            warnings.add(port.path() + ": overlapping port definition with " + other.path());
        } else if (samePort && port.hostIp().isEmpty() != other.hostIp().isEmpty()) {
            warnings.add(port.path() + ": dangerously ambiguous port definition with " + other.path());
        }
    }

    /** As Go prints the struct. */
    private static String printed(JsonNode port) {
        return "{Name:" + port.path("name").asText("") + " HostPort:"
                + port.path("hostPort").asLong()
                + " ContainerPort:" + port.path("containerPort").asLong() + " Protocol:"
                + port.path("protocol").asText("") + " HostIP:"
                + port.path("hostIP").asText("") + "}";
    }

    private static void eachPort(JsonNode spec, FieldPath path, BiConsumer<FieldPath, JsonNode> visitor) {
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            int index = 0;
            for (var container : spec.path(list)) {
                var at = path.child(list).index(index++).child("ports");
                int place = 0;
                for (var port : container.path("ports")) {
                    visitor.accept(at.index(place++), port);
                }
            }
        }
    }
}
