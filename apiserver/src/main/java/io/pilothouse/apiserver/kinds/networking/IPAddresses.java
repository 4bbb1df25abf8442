package io.pilothouse.apiserver.kinds.networking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** networking.k8s.io/v1 IPAddress: that an address is taken, and by what. */
public final class IPAddresses {
    private IPAddresses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("networking.k8s.io", "ipaddresses", "ipaddress", "IPAddress")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("ip")
                .names(NameRule.IP_ADDRESS)
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "ParentRef",
                                "ParentRef references the resource that an IPAddress is attached to. An IPAddress must reference a"
                                        + " parent object.",
                                IPAddresses::parent),
                        TableWriter.age().unannounced())
                .build();
    }

    private static String parent(ObjectNode address) {
        var parent = address.path("spec").path("parentRef");
        if (parent.isMissingNode()) {
            return "<none>";
        }
        String group = parent.path("group").asText("");
        String namespace = parent.path("namespace").asText("");
        String resource = parent.path("resource").asText("") + (group.isEmpty() ? "" : "." + group);
        return resource.toLowerCase(Locale.ROOT)
                + (namespace.isEmpty() ? "" : "/" + namespace)
                + "/" + parent.path("name").asText("");
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var parent = Field.of(object, errors).child("spec", "parentRef");
            if (!parent.present()) {
                parent.required("");
                return errors;
            }
            if (!parent.child("group").isEmpty()) {
                parent.child("group").matches(LabelFormat::subdomain);
            }
            for (String field : new String[] {"resource", "name"}) {
                if (parent.child(field).mustExist()) {
                    parent.child(field).matches(NameRule::pathSegmentProblems);
                }
            }
            if (!parent.child("namespace").isEmpty()) {
                parent.child("namespace").matches(NameRule::pathSegmentProblems);
            }
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<>(validate(object, context));
            var parent = Field.of(object, errors).child("spec", "parentRef");
            InternalForm.immutable("ParentReference", parent, old.path("spec").path("parentRef"));
            return errors;
        }
    }
}
