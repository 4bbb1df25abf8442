package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.TextFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** core/v1 Endpoints. */
public final class Endpoints {
    private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
    private static final String CONTROLLER = "endpoint-controller";
    private static final int SHOWN = 3;

    private Endpoints() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "endpoints", "endpoints", "Endpoints")
                .version("v1", schemas)
                .shortNames("ep")
                .storedUnder("services/endpoints")
                .createOnUpdate()
                .deprecated("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text("Endpoints", schemas.text("core.v1.Endpoints", "subsets"), Endpoints::shown),
                        TableWriter.age())
                .build();
    }

    private static String shown(ObjectNode endpoints) {
        var subsets = endpoints.path("subsets");
        var shown = new ArrayList<String>();
        for (var subset : subsets) {
            var addresses = subset.path("addresses");
            if (subset.path("ports").isEmpty()) {
                addresses.forEach(a -> shown.add(a.path("ip").asText()));
            }
            for (var port : subset.path("ports")) {
                addresses.forEach(a -> shown.add(hostAndPort(a.path("ip").asText(), port)));
            }
        }
        if (subsets.isEmpty()) {
            return "<none>";
        }
        return shown.size() <= SHOWN
                ? String.join(",", shown)
                : String.join(",", shown.subList(0, SHOWN)) + " + " + (shown.size() - SHOWN) + " more...";
    }

    private static String hostAndPort(String ip, JsonNode port) {
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":"
                + port.path("port").asInt();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.each(
                    object,
                    "subsets",
                    subset -> Trees.each(subset, "ports", port -> Trees.fill(port, "protocol", "TCP")));
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            Field.of(object, errors).child("subsets").each(Rules::subset);
            return errors;
        }

        private static void subset(Field subset) {
            var ready = subset.child("addresses");
            var notReady = subset.child("notReadyAddresses");
            if (ready.isEmpty() && notReady.isEmpty()) {
                subset.required("must specify `addresses` or `notReadyAddresses`");
            }
            ready.each(Rules::address);
            notReady.each(Rules::address);
            var ports = subset.child("ports");
            ports.each(port -> port(port, ports.size() > 1));
        }

        private static void address(Field address) {
            var ip = address.child("ip");
            ip.matches(IpFormat::strictIp);
            if (!address.child("hostname").isEmpty()) {
                address.child("hostname").matches(LabelFormat::label);
            }
            address.child("nodeName").ifPresent(name -> name.matches(LabelFormat::subdomain));
            ip.matches(IpFormat::nonSpecial);
        }

        private static void port(Field port, boolean needsName) {
            var name = port.child("name");
            if (!name.isEmpty()) {
                name.matches(LabelFormat::label);
            } else if (needsName) {
                name.required("");
            }
            port.child("port").hasNumber(TextFormat::portNumber);
            port.child("protocol").requiredOneOf("SCTP", "TCP", "UDP");
            port.child("appProtocol").ifPresent(p -> p.matches(LabelFormat::key));
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            // What old versions took may stay.
            return object.path("subsets").equals(old.path("subsets")) ? List.of() : validate(object, context);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            var out = new ArrayList<String>();
            if (ObjectMeta.label(object, MANAGED_BY).equals(Optional.of(CONTROLLER))) {
                return out;
            }
            int i = 0;
            for (var subset : object.path("subsets")) {
                var at = FieldPath.of("subsets").index(i++);
                for (String list : new String[] {"addresses", "notReadyAddresses"}) {
                    int j = 0;
                    for (var address : subset.path(list)) {
                        out.addAll(IpFormat.ipWarnings(
                                at.child(list).index(j++).child("ip"),
                                address.path("ip").asText("")));
                    }
                }
            }
            return out;
        }
    }
}
