package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.machinery.gotext.GoText;
import java.util.List;

/** CertificateSigning: certificates are issued only by those who may sign for the request's signer. */
public final class CertificateSigning implements AdmissionPlugin {
    private final Authorizer authorizer;

    public CertificateSigning(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public String name() {
        return "CertificateSigning";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var object = request.object();
        var old = request.old();
        if (object == null
                || old == null
                || !request.updates()
                || !request.subresource().equals("status")
                || !request.is("certificates.k8s.io", "certificatesigningrequests")) {
            return;
        }
        boolean same = List.of("certificate", "conditions").stream()
                .allMatch(f ->
                        object.path("status").path(f).equals(old.path("status").path(f)));
        String signer = old.path("spec").path("signerName").asText("");
        if (!same && !SignerRights.may(authorizer, request.user(), "sign", signer)) {
            throw request.forbidden("user not permitted to sign requests with signerName " + GoText.quote(signer));
        }
    }
}
