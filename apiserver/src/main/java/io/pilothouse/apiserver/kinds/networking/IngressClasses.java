package io.pilothouse.apiserver.kinds.networking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** networking.k8s.io/v1 IngressClass. */
public final class IngressClasses {
    /** The annotation of the class that ingresses get that name none. */
    public static final String DEFAULT_ANNOTATION = "ingressclass.kubernetes.io/is-default-class";

    private static final int LONGEST_CONTROLLER = 250;
    private static final String PATH_FORM = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
    private static final Pattern PATH = Pattern.compile(PATH_FORM);

    private IngressClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("networking.k8s.io", "ingressclasses", "ingressclass", "IngressClass")
                .version("v1", schemas)
                .clusterScoped()
                .generation("spec")
                .strategy(new Rules())
                .columns(
                        TableWriter.name(o -> ObjectMeta.name(o) + (isDefault(o) ? " (default)" : "")),
                        Column.text(
                                "Controller",
                                "Controller that is responsible for handling this class",
                                o -> o.path("spec").path("controller").asText("")),
                        Column.text(
                                "Parameters",
                                "A reference to a resource with additional parameters",
                                IngressClasses::parameters),
                        TableWriter.age())
                .build();
    }

    /** Whether ingresses that name no class get this one. */
    public static boolean isDefault(ObjectNode ingressClass) {
        return ObjectMeta.annotation(ingressClass, DEFAULT_ANNOTATION).equals(Optional.of("true"));
    }

    private static String parameters(ObjectNode ingressClass) {
        var parameters = ingressClass.path("spec").path("parameters");
        if (parameters.isMissingNode()) {
            return "<none>";
        }
        String group = parameters.hasNonNull("apiGroup")
                ? "." + parameters.path("apiGroup").asText()
                : "";
        return parameters.path("kind").asText("") + group + "/"
                + parameters.path("name").asText("");
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.with(
                    object,
                    "spec",
                    spec -> Trees.with(spec, "parameters", parameters -> {
                        if (!parameters.hasNonNull("scope")) {
                            parameters.put("scope", "Cluster");
                        }
                    }));
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var spec = Field.of(object, errors).child("spec");
            controller(spec.child("controller"));
            spec.child("parameters").ifPresent(parameters -> {
                IngressValidation.reference(parameters);
                scope(parameters);
            });
            return errors;
        }

        private static void controller(Field controller) {
            if (controller.text().length() > LONGEST_CONTROLLER) {
                controller.add(FieldError.tooLong(controller.path(), LONGEST_CONTROLLER));
            }
            if (!controller.mustExist()) {
                return;
            }
            int slash = controller.text().indexOf('/');
            if (slash < 1 || slash == controller.text().length() - 1) {
                controller.invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
                return;
            }
            String host = controller.text().substring(0, slash);
            LabelFormat.subdomain(host).forEach(problem -> controller.invalid(host, problem));
            String path = controller.text().substring(slash + 1);
            if (!PATH.matcher(path).matches()) {
                controller.invalid(path, LabelFormat.regexError("Invalid path", PATH_FORM));
            }
        }

        private static void scope(Field parameters) {
            var scope = parameters.child("scope");
            var namespace = parameters.child("namespace");
            if (!scope.present()) {
                scope.required("");
            } else if (scope.oneOf("Cluster", "Namespace")) {
                if (scope.is("Cluster")) {
                    namespace.ifPresent(n -> n.forbidden("`parameters.scope` is set to 'Cluster'"));
                } else if (namespace.present()) {
                    namespace.matches(NameRule.LABEL::problems);
                } else {
                    namespace.required("`parameters.scope` is set to 'Namespace'");
                }
            }
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            Field.of(object, errors)
                    .child("spec", "controller")
                    .immutable(old.path("spec").path("controller"));
            errors.addAll(validate(object, context));
            return errors;
        }
    }
}
