package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.kinds.Cells;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import java.util.ArrayList;

/** What kubectl shows of a service. */
final class ServiceColumns {
    private static final String SPEC = "core.v1.ServiceSpec";

    private ServiceColumns() {}

    static Column[] all(Schemas schemas) {
        return new Column[] {
            TableWriter.name(),
            Column.text(
                    "Type", schemas.text(SPEC, "type"), o -> ServiceSpec.of(o).text("type")),
            Column.text(
                    "Cluster-IP",
                    schemas.text(SPEC, "clusterIP"),
                    o -> ServiceSpec.of(o).clusterIps().stream().findFirst().orElse("<none>")),
            Column.text("External-IP", schemas.text(SPEC, "externalIPs"), ServiceColumns::external),
            Column.text("Port(s)", schemas.text(SPEC, "ports"), ServiceColumns::ports),
            TableWriter.age(),
            Column.text(
                            "Selector",
                            schemas.text(SPEC, "selector"),
                            o -> Cells.labels(ServiceSpec.of(o).get("selector")))
                    .wide()
        };
    }

    private static String external(ObjectNode service) {
        var spec = ServiceSpec.of(service);
        var given = Trees.strings(spec.get("externalIPs"));
        return switch (spec.text("type")) {
            case "ExternalName" -> spec.text("externalName");
            case "LoadBalancer" -> {
                var all = new ArrayList<String>(
                        Cells.loadBalancer(service.path("status").path("loadBalancer")));
                all.addAll(given);
                yield all.isEmpty() ? "<pending>" : String.join(",", all);
            }
            case "ClusterIP", "NodePort" -> given.isEmpty() ? "<none>" : String.join(",", given);
            default -> "<unknown>";
        };
    }

    private static String ports(ObjectNode service) {
        var out = new ArrayList<String>();
        for (var port : ServiceSpec.of(service).ports()) {
            int node = ServiceSpec.nodePort(port);
            out.add(port.path("port").asInt() + (node > 0 ? ":" + node : "") + "/"
                    + port.path("protocol").asText());
        }
        return out.isEmpty() ? "<none>" : String.join(",", out);
    }
}
