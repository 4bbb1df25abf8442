package io.pilothouse.apiserver.kinds.networking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusRules;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Cells;
import io.pilothouse.apiserver.kinds.core.LoadBalancerStatus;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** networking.k8s.io/v1 Ingress. */
public final class Ingresses {
    private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
    private static final int SHOWN_HOSTS = 3;

    private Ingresses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("networking.k8s.io", "ingresses", "ingress", "Ingress")
                .version("v1", schemas)
                .shortNames("ing")
                .storedUnder("ingress")
                .generation("spec")
                .status(new Status())
                .strategy(new Rules())
                .columns(columns())
                .build();
    }

    private static Column[] columns() {
        return new Column[] {
            TableWriter.name(),
            Column.text(
                    "Class",
                    "The name of the IngressClass resource that should be used for additional configuration",
                    o -> o.path("spec").path("ingressClassName").asText("<none>")),
            Column.text(
                    "Hosts",
                    "Hosts that incoming requests are matched against before the ingress rule",
                    Ingresses::hosts),
            Column.text(
                    "Address",
                    "Address is a list containing ingress points for the load-balancer",
                    o -> String.join(",", Cells.loadBalancer(o.path("status").path("loadBalancer")))),
            Column.text(
                    "Ports",
                    "Ports of TLS configurations that open",
                    o -> o.path("spec").path("tls").isEmpty() ? "80" : "80, 443"),
            TableWriter.age()
        };
    }

    private static String hosts(ObjectNode ingress) {
        var rules = ingress.path("spec").path("rules");
        var shown = new ArrayList<String>();
        boolean more = false;
        for (var rule : rules) {
            more |= shown.size() == SHOWN_HOSTS;
            String host = rule.path("host").asText("");
            if (!more && !host.isEmpty()) {
                shown.add(host);
            }
        }
        if (shown.isEmpty()) {
            return "*";
        }
        String text = String.join(",", shown);
        return more ? text + " + " + (rules.size() - SHOWN_HOSTS) + " more..." : text;
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<>(IngressValidation.validate(object, null));
            String annotation = ObjectMeta.annotation(object, CLASS_ANNOTATION).orElse("");
            var name = object.path("spec").path("ingressClassName");
            boolean both = name.isTextual()
                    && ObjectMeta.annotation(object, CLASS_ANNOTATION).isPresent();
            if (both && !name.asText().equals(annotation)) {
                errors.add(FieldError.invalid(
                        FieldPath.of("annotations").child(CLASS_ANNOTATION),
                        annotation,
                        "must match `ingressClassName` when both are specified"));
            }
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return IngressValidation.validate(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            boolean warn = old == null
                    && ObjectMeta.annotation(object, CLASS_ANNOTATION).isPresent()
                    && !object.path("spec").hasNonNull("ingressClassName");
            return warn
                    ? List.of("annotation \"" + CLASS_ANNOTATION
                            + "\" is deprecated, please use 'spec.ingressClassName' instead")
                    : List.of();
        }
    }

    private static final class Status extends StatusRules {
        Status() {
            super(StatusView.FREE_METADATA);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            LoadBalancerStatus.points(
                    Field.of(object, errors).child("status", "loadBalancer"),
                    old.path("status").path("loadBalancer"));
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return LoadBalancerStatus.warnings(object);
        }
    }
}
