package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.machinery.gotext.GoText;

/** CertificateApproval: requests are approved only by those who may approve for their signer. */
public final class CertificateApproval implements AdmissionPlugin {
    private final Authorizer authorizer;

    public CertificateApproval(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public String name() {
        return "CertificateApproval";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var old = request.old();
        if (old == null
                || !request.updates()
                || !request.subresource().equals("approval")
                || !request.is("certificates.k8s.io", "certificatesigningrequests")) {
            return;
        }
        String signer = old.path("spec").path("signerName").asText("");
        if (!SignerRights.may(authorizer, request.user(), "approve", signer)) {
            throw request.forbidden("user not permitted to approve requests with signerName " + GoText.quote(signer));
        }
    }
}
