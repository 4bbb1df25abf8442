package io.pilothouse.apiserver.kinds.certificates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;
import java.util.TreeMap;

/** certificates.k8s.io/v1 CertificateSigningRequest. */
public final class CertificateSigningRequests {
    private CertificateSigningRequests() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "certificates.k8s.io",
                        "certificatesigningrequests",
                        "certificatesigningrequest",
                        "CertificateSigningRequest")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("csr")
                .status()
                .strategy(new Rules())
                .subresource(new Subresource.View("approval", List.of("get", "patch", "update"), new Approval()))
                .selectable(
                        "spec.signerName",
                        o -> o.path("spec").path("signerName").asText())
                .columns(
                        TableWriter.name(),
                        TableWriter.age(),
                        Column.text(
                                "SignerName",
                                "Who is asked to sign.",
                                o -> o.path("spec").path("signerName").asText()),
                        Column.text(
                                "Requestor",
                                "Who asks.",
                                o -> o.path("spec").path("username").asText()),
                        Column.text("RequestedDuration", "For how long.", CertificateRequests::duration),
                        Column.text("Condition", "What has become of it.", CertificateRequests::condition))
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            var spec = object.withObjectProperty("spec");
            spec.put("username", context.user().name());
            if (!context.user().uid().isEmpty()) {
                spec.put("uid", context.user().uid());
            }
            spec.remove("groups");
            spec.remove("extra");
            if (!context.user().groups().isEmpty()) {
                var groups = spec.putArray("groups");
                context.user().groups().forEach(groups::add);
            }
            if (!context.user().extra().isEmpty()) {
                var extra = spec.putObject("extra");
                new TreeMap<>(context.user().extra())
                        .forEach((key, values) -> values.forEach(extra.withArrayProperty(key)::add));
            }
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            object.set("spec", old.path("spec").deepCopy());
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return CertificateRequests.check(object);
        }
    }

    /** Approval writes conditions alone. */
    private static final class Approval implements Subresource.ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            var conditions = object.path("status").get("conditions");
            object.set("spec", old.path("spec").deepCopy());
            object.set(
                    "status",
                    old.path("status").isMissingNode()
                            ? object.objectNode()
                            : old.path("status").deepCopy());
            if (conditions != null) {
                object.withObjectProperty("status").set("conditions", conditions);
            }
            CertificateRequests.stampConditions(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return List.of();
        }
    }
}
