package io.pilothouse.apiserver.kinds.networking;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Cidr;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.IpFormat;
import java.util.ArrayList;
import java.util.List;

/** networking.k8s.io/v1 ServiceCIDR: ranges out of which services get their addresses. */
public final class ServiceCIDRs {
    private static final String IMMUTABLE = "field is immutable";

    private ServiceCIDRs() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("networking.k8s.io", "servicecidrs", "servicecidr", "ServiceCIDR")
                .version("v1", schemas)
                .clusterScoped()
                .status(StatusView.KEEPS_METADATA)
                .resetFields("status", "metadata", "spec")
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "CIDRs",
                                schemas.text("networking.v1.ServiceCIDRSpec", "cidrs"),
                                o -> String.join(
                                        ",", Trees.strings(o.path("spec").path("cidrs")))),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            ranges(Field.of(object, errors).child("spec", "cidrs"));
            return errors;
        }

        private static void ranges(Field ranges) {
            if (ranges.isEmpty()) {
                ranges.required("at least one CIDR required");
                return;
            }
            if (ranges.size() > 2) {
                // Upstream shows the Go struct here.
                var shown = JsonNodeFactory.instance.objectNode();
                shown.set("CIDRs", ranges.value());
                ranges.invalid(shown, "may only hold up to 2 values");
                return;
            }
            ranges.each(range -> range.matches(IpFormat::cidr));
            if (ranges.size() == 2) {
                var families = Trees.strings(ranges.value()).stream()
                        .map(r -> Cidr.parse(r).map(Cidr::family).orElse(r))
                        .toList();
                if (families.get(0).equals(families.get(1)) && families.get(0).startsWith("IPv")) {
                    ranges.invalid(
                            "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
                }
            }
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var ranges = Field.of(object, errors).child("spec", "cidrs");
            var before = Trees.strings(old.path("spec").path("cidrs"));
            boolean extended = before.size() == 1 && ranges.size() == 2;
            if (before.size() != ranges.size() && !extended) {
                ranges.invalid(ranges.present() ? ranges.value() : JsonNodeFactory.instance.arrayNode(), IMMUTABLE);
                return errors;
            }
            for (int i = 0; i < before.size(); i++) {
                var range = ranges.items().get(i);
                if (!range.is(before.get(i))) {
                    range.invalid(IMMUTABLE);
                }
            }
            if (extended) {
                ranges(ranges);
            }
            return errors;
        }
    }
}
