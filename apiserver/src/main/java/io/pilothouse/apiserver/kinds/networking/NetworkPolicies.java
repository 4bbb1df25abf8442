package io.pilothouse.apiserver.kinds.networking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Cells;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** networking.k8s.io/v1 NetworkPolicy. */
public final class NetworkPolicies {
    private NetworkPolicies() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("networking.k8s.io", "networkpolicies", "networkpolicy", "NetworkPolicy")
                .version("v1", schemas)
                .shortNames("netpol")
                .generation("spec")
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Pod-Selector",
                                "podSelector selects the pods to which this NetworkPolicy object applies. The array of rules is applied to"
                                        + " any pods selected by this field. An empty selector matches all pods in the policy's namespace."
                                        + " Multiple network policies can select the same set of pods. In this case, the ingress rules for"
                                        + " each are combined additively. This field is optional. If it is not specified, it defaults to"
                                        + " an empty selector.",
                                o -> Cells.selector(o.path("spec").path("podSelector"))),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var spec = object.withObjectProperty("spec");
            for (String direction : new String[] {"ingress", "egress"}) {
                Trees.each(
                        spec,
                        direction,
                        rule -> Trees.each(rule, "ports", port -> {
                            if (!port.hasNonNull("protocol")) {
                                port.put("protocol", "TCP");
                            }
                        }));
            }
            if (spec.path("policyTypes").isEmpty()) {
                var types = spec.putArray("policyTypes").add("Ingress");
                if (!spec.path("egress").isEmpty()) {
                    types.add("Egress");
                }
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return NetworkPolicyValidation.validate(object, null);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return NetworkPolicyValidation.validate(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return NetworkPolicyValidation.warnings(object);
        }
    }
}
