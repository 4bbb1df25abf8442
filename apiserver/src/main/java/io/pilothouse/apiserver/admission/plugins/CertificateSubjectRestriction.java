package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import java.io.IOException;

/** CertificateSubjectRestriction: nobody asks for a client certificate of the superusers' group. */
public final class CertificateSubjectRestriction implements AdmissionPlugin {
    private static final String SIGNER = "kubernetes.io/kube-apiserver-client";

    @Override
    public String name() {
        return "CertificateSubjectRestriction";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var object = request.object();
        if (object == null
                || !request.creates()
                || !request.isWhole("certificates.k8s.io", "certificatesigningrequests")
                || !object.path("spec").path("signerName").asText("").equals(SIGNER)) {
            return;
        }
        try {
            if (CertificateText.read(object.path("spec").path("request").asText(""))
                    .organizations()
                    .contains("system:masters")) {
                throw request.forbidden("use of " + SIGNER + " signer with system:masters group is not allowed");
            }
        } catch (IOException e) {
            throw request.forbidden("failed to parse CSR: " + e.getMessage());
        }
    }
}
