package io.pilothouse.apiserver.kinds.networking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpAddress;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.TextFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold for an ingress. What was wrong before it was checked may stay. */
final class IngressValidation {
    private static final String[] FORBIDDEN_IN_PATH = {"//", "/./", "/../", "%2f", "%2F"};
    private static final String[] FORBIDDEN_AT_END = {"/..", "/."};
    private static final String ABSOLUTE = "must be an absolute path";

    private IngressValidation() {}

    /** @param old null for a new ingress */
    static List<FieldError> validate(ObjectNode ingress, @Nullable ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var spec = Field.of(ingress, errors).child("spec");
        if (spec.child("rules").isEmpty() && !spec.child("defaultBackend").present()) {
            var rules = spec.child("rules");
            errors.add(FieldError.invalid(
                    spec.path(),
                    rules.present() ? rules.value() : null,
                    "either `defaultBackend` or `rules` must be specified"));
        }
        spec.child("defaultBackend").ifPresent(IngressValidation::backend);
        boolean anyWildcardRule = old != null && hasInvalidWildcardRule(old);
        spec.child("rules").each(rule -> rule(rule, anyWildcardRule));
        boolean anySecretName = old != null && hasInvalidSecretName(old);
        spec.child("tls").each(tls -> tls(tls, anySecretName));
        spec.child("ingressClassName").ifPresent(name -> name.matches(LabelFormat::subdomain));
        return errors;
    }

    private static boolean hasInvalidSecretName(ObjectNode old) {
        for (var tls : old.path("spec").path("tls")) {
            String name = tls.path("secretName").asText("");
            if (!name.isEmpty() && !LabelFormat.subdomain(name).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasInvalidWildcardRule(ObjectNode old) {
        for (var rule : old.path("spec").path("rules")) {
            var errors = new ArrayList<FieldError>();
            http(Field.at(rule.path("http"), FieldPath.ROOT, errors));
            if (rule.path("host").asText("").contains("*") && !errors.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static void rule(Field rule, boolean anyWildcardRule) {
        var host = rule.child("host");
        boolean wildcard = host.text().contains("*");
        if (!host.isEmpty()) {
            if (IpAddress.parse(host.text()).isPresent()) {
                host.invalid("must be a DNS name, not an IP address");
            }
            host.matches(wildcard ? TextFormat::wildcardSubdomain : LabelFormat::subdomain);
        }
        if (!wildcard || !anyWildcardRule) {
            http(rule.child("http"));
        }
    }

    private static void http(Field http) {
        if (http.present()) {
            http.child("paths").mustExist();
            http.child("paths").each(IngressValidation::path);
        }
    }

    private static void path(Field rule) {
        var type = rule.child("pathType");
        var path = rule.child("path");
        if (!type.present()) {
            type.required("pathType must be specified");
            return;
        }
        boolean absolute = path.text().startsWith("/");
        switch (type.text()) {
            case "Exact", "Prefix" -> {
                if (!absolute) {
                    path.invalid(path.text(), ABSOLUTE);
                }
                for (String sequence : FORBIDDEN_IN_PATH) {
                    if (path.text().contains(sequence)) {
                        path.invalid("must not contain '" + sequence + "'");
                    }
                }
                for (String suffix : FORBIDDEN_AT_END) {
                    if (path.text().endsWith(suffix)) {
                        path.invalid("cannot end with '" + suffix + "'");
                    }
                }
            }
            case "ImplementationSpecific" -> {
                if (!path.isEmpty() && !absolute) {
                    path.invalid(ABSOLUTE);
                }
            }
            default -> type.notSupported(List.of("Exact", "ImplementationSpecific", "Prefix"));
        }
        backend(rule.child("backend"));
    }

    private static void backend(Field backend) {
        var resource = backend.child("resource");
        var service = backend.child("service");
        if (resource.present() && service.present()) {
            backend.invalid("", "cannot set both resource and service backends");
        } else if (resource.present()) {
            reference(resource);
        } else if (service.present()) {
            service(backend, service);
        } else {
            backend.invalid("", "resource or service backend is required");
        }
    }

    private static void service(Field backend, Field service) {
        if (service.child("name").mustExist()) {
            service.child("name").matches(LabelFormat::label);
        }
        var name = service.child("port", "name");
        var number = service.child("port", "number");
        if (!name.isEmpty() && !number.isEmpty()) {
            backend.invalid("", "cannot set both port name & port number");
        } else if (!name.isEmpty()) {
            name.matches(TextFormat::portName);
        } else if (!number.isEmpty()) {
            number.hasNumber(TextFormat::portNumber);
        } else {
            backend.required("port name or number is required");
        }
    }

    /** An object that is named by group, kind and name. */
    static void reference(Field reference) {
        reference.child("apiGroup").ifPresent(group -> group.matches(LabelFormat::subdomain));
        for (String field : new String[] {"kind", "name"}) {
            if (reference.child(field).mustExist()) {
                reference.child(field).matches(NameRule::pathSegmentProblems);
            }
        }
    }

    private static void tls(Field tls, boolean anySecretName) {
        tls.child("hosts")
                .each(host -> host.matches(
                        host.text().contains("*") ? TextFormat::wildcardSubdomain : LabelFormat::subdomain));
        var name = tls.child("secretName");
        if (!anySecretName && !name.isEmpty()) {
            name.matches(LabelFormat::subdomain);
        }
    }
}
