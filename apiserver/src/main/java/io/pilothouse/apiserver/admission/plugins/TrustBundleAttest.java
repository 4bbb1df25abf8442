package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.machinery.gotext.GoText;
import java.util.List;

/** ClusterTrustBundleAttest: trust bundles of a signer are written only by those who may attest for it. */
public final class TrustBundleAttest implements AdmissionPlugin {
    /** What the garbage collector changes, and every update. */
    private static final List<String> COLLECTED =
            List.of("ownerReferences", "finalizers", "managedFields", "resourceVersion");

    private final Authorizer authorizer;

    public TrustBundleAttest(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public String name() {
        return "ClusterTrustBundleAttest";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var bundle = request.object();
        if (bundle == null
                || !(request.creates() || request.updates())
                || !request.is("certificates.k8s.io", "clustertrustbundles")) {
            return;
        }
        String signer = bundle.path("spec").path("signerName").asText("");
        var old = request.old();
        if (signer.isEmpty() || (old != null && collectable(bundle).equals(collectable(old)))) {
            return;
        }
        if (!SignerRights.may(authorizer, request.user(), "attest", signer)) {
            throw request.forbidden("user not permitted to attest for signerName " + GoText.quote(signer));
        }
    }

    private static ObjectNode collectable(ObjectNode bundle) {
        var rest = bundle.deepCopy();
        rest.withObjectProperty("metadata").remove(COLLECTED);
        return rest;
    }
}
