package io.pilothouse.apiserver.kinds.apiregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.TextFormat;
import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What must hold for APIServices. */
final class APIServiceValidation {
    private static final int MAX_GROUP_PRIORITY = 20_000;
    private static final int MAX_VERSION_PRIORITY = 1000;

    private APIServiceValidation() {}

    static List<FieldError> check(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        var root = Field.of(object, errors);
        var spec = root.child("spec");
        var group = spec.child("group");
        var version = spec.child("version");
        var name = root.child("metadata", "name");
        String required = version.text() + "." + group.text();
        if (!name.is(required)) {
            name.invalid("must be `spec.version+\".\"+spec.group`: " + GoText.quote(required));
        }
        if (group.isEmpty()) {
            if (!version.is("v1")) {
                group.required("only v1 may have an empty group and it better be legacy kube");
            }
        } else {
            group.matches(LabelFormat::subdomain);
        }
        version.matches(LabelFormat::label1035);
        priority(spec.child("groupPriorityMinimum"), MAX_GROUP_PRIORITY);
        priority(spec.child("versionPriority"), MAX_VERSION_PRIORITY);
        if (spec.child("service").present()) {
            remote(spec);
        } else {
            local(spec);
        }
        return errors;
    }

    private static void priority(Field priority, int max) {
        if (priority.number() <= 0 || priority.number() > max) {
            priority.invalid(priority.number(), "must be positive and less than " + max);
        }
    }

    private static void local(Field spec) {
        var bundle = spec.child("caBundle");
        if (!bundle.isEmpty()) {
            int bytes = Base64.getDecoder().decode(bundle.text()).length;
            bundle.invalid(bytes + " bytes", "local APIServices may not have a caBundle");
        }
        var insecure = spec.child("insecureSkipTLSVerify");
        if (insecure.isTrue()) {
            insecure.invalid("local APIServices may not have insecureSkipTLSVerify");
        }
    }

    private static void remote(Field spec) {
        var service = spec.child("service");
        service.child("namespace").mustExist();
        service.child("name").mustExist();
        var port = service.child("port");
        var problems = TextFormat.portNumber(port.number());
        if (!problems.isEmpty()) {
            port.invalid(port.number(), "port is not valid: " + String.join(", ", problems));
        }
        var insecure = spec.child("insecureSkipTLSVerify");
        if (insecure.isTrue() && !spec.child("caBundle").isEmpty()) {
            insecure.invalid("may not be true if caBundle is present");
        }
    }

    static List<FieldError> status(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        Field.of(object, errors)
                .child("status", "conditions")
                .each(condition -> condition.child("status").oneOf("True", "False", "Unknown"));
        return errors;
    }
}
