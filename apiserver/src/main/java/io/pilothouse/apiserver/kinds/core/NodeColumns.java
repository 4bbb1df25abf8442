package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What kubectl shows of a node. */
final class NodeColumns {
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

    private NodeColumns() {}

    static Column[] all(Schemas schemas) {
        String info = "core.v1.NodeSystemInfo";
        Supplier<String> addresses = schemas.text("core.v1.NodeStatus", "addresses");
        return new Column[] {
            TableWriter.name(),
            Column.text("Status", "The status of the node", NodeColumns::status),
            Column.text("Roles", "The roles of the node", NodeColumns::roles),
            TableWriter.age(),
            Column.text("Version", schemas.text(info, "kubeletVersion"), o -> info(o, "kubeletVersion")),
            Column.text("Internal-IP", addresses, o -> address(o, "InternalIP")).wide(),
            Column.text("External-IP", addresses, o -> address(o, "ExternalIP")).wide(),
            Column.text("OS-Image", schemas.text(info, "osImage"), o -> unknown(info(o, "osImage")))
                    .wide(),
            Column.text("Kernel-Version", schemas.text(info, "kernelVersion"), NodeColumns::kernel)
                    .wide(),
            Column.text(
                            "Container-Runtime",
                            schemas.text(info, "containerRuntimeVersion"),
                            o -> unknown(info(o, "containerRuntimeVersion")))
                    .wide()
        };
    }

    private static String kernel(ObjectNode node) {
        String architecture = info(node, "architecture");
        return unknown(info(node, "kernelVersion")) + (architecture.isEmpty() ? "" : " (" + architecture + ")");
    }

    private static String info(ObjectNode node, String field) {
        return node.path("status").path("nodeInfo").path(field).asText("");
    }

    private static String unknown(String value) {
        return value.isEmpty() ? "<unknown>" : value;
    }

    private static String address(ObjectNode node, String type) {
        for (var address : node.path("status").path("addresses")) {
            if (address.path("type").asText().equals(type)) {
                return address.path("address").asText();
            }
        }
        return "<none>";
    }

    private static String status(ObjectNode node) {
        var out = new ArrayList<String>();
        for (var condition : node.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                out.add(condition.path("status").asText().equals("True") ? "Ready" : "NotReady");
            }
        }
        if (out.isEmpty()) {
            out.add("Unknown");
        }
        if (node.path("spec").path("unschedulable").asBoolean()) {
            out.add("SchedulingDisabled");
        }
        return String.join(",", out);
    }

    private static String roles(ObjectNode node) {
        var roles = new TreeSet<String>();
        ObjectMeta.labels(node).forEach((key, value) -> {
            if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
                roles.add(key.substring(ROLE_PREFIX.length()));
            } else if (key.equals("kubernetes.io/role") && !value.isEmpty()) {
                roles.add(value);
            }
        });
        return roles.isEmpty() ? "<none>" : String.join(",", roles);
    }
}
