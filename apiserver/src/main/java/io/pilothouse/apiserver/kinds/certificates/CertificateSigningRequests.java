package io.pilothouse.apiserver.kinds.certificates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;
import java.util.TreeMap;

/** certificates.k8s.io/v1 CertificateSigningRequest. */
public final class CertificateSigningRequests {
    private static final String SIGNER_TEXT =
            "Requested signer for the request. It is a qualified name in the form: `scope-hostname.io/name`. If empty, it will be"
                    + " defaulted:\n 1. If it's a kubelet client certificate, it is assigned\n"
                    + "    \"kubernetes.io/kube-apiserver-client-kubelet\".\n"
                    + " 2. If it's a kubelet serving certificate, it is assigned\n    \"kubernetes.io/kubelet-serving\".\n"
                    + " 3. Otherwise, it is assigned \"kubernetes.io/legacy-unknown\".\n"
                    + "Distribution of trust for signers happens out of band. You can select on this field using `spec.signerName`.";
    private static final String DURATION_TEXT =
            "expirationSeconds is the requested duration of validity of the issued certificate. The certificate signer may issue a"
                    + " certificate with a different validity duration so a client must check the delta between the notBefore and and notAfter"
                    + " fields in the issued certificate to determine the actual duration.\n\n"
                    + "The v1.22+ in-tree implementations of the well-known Kubernetes signers will honor this field as long as the requested"
                    + " duration is not greater than the maximum duration they will honor per the --cluster-signing-duration CLI flag to the"
                    + " Kubernetes controller manager.\n\nCertificate signers may not honor this field for various reasons:\n\n"
                    + "  1. Old signer that is unaware of the field (such as the in-tree\n     implementations prior to v1.22)\n"
                    + "  2. Signer whose configured maximum is shorter than the requested duration\n"
                    + "  3. Signer whose configured minimum is longer than the requested duration\n\n"
                    + "The minimum valid value for expirationSeconds is 600, i.e. 10 minutes.";

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
                .names(NameRule.PATH_SEGMENT)
                .resetFields("", "spec", "status")
                .resetFields("status", "spec", "status.conditions")
                .resetFields("approval", "spec", "status.certificate")
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new Status()))
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
                                SIGNER_TEXT,
                                o -> o.path("spec").path("signerName").asText()),
                        Column.text(
                                "Requestor",
                                "Base64-encoded PKCS#10 CSR data",
                                o -> o.path("spec").path("username").asText()),
                        Column.text("RequestedDuration", DURATION_TEXT, CertificateRequests::duration),
                        Column.text(
                                "Condition",
                                "Conditions applied to the request, such as approval or denial.",
                                CertificateRequests::condition))
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            var spec = object.withObjectProperty("spec");
            spec.put("username", context.user().name());
            spec.remove("uid");
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
            return RequestValidation.OBJECT.create(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return RequestValidation.OBJECT.update(object, old);
        }
    }

    /** The status takes the certificate and conditions, but for those that decide. */
    private static final class Status implements Subresource.ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            StatusView.FREE_METADATA.restrict(object, old);
            CertificateRequests.preserve(object, old, "Approved");
            CertificateRequests.preserve(object, old, "Denied");
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            CertificateRequests.stampConditions(object, old, context);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return RequestValidation.STATUS.update(object, old);
        }
    }

    /** Approval writes conditions alone. */
    private static final class Approval implements Subresource.ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            var conditions = object.path("status").get("conditions");
            StatusView.FREE_METADATA.restrict(object, old);
            var status = old.path("status").isObject()
                    ? (ObjectNode) old.path("status").deepCopy()
                    : object.objectNode();
            status.remove("conditions");
            if (conditions != null) {
                status.set("conditions", conditions);
            }
            object.set("status", status);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            CertificateRequests.stampConditions(object, old, context);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return RequestValidation.APPROVAL.update(object, old);
        }
    }
}
