package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.request.UserInfo;

/** Asks whether a user may approve, sign or attest for a signer, by its name or for all of its domain. */
final class SignerRights {
    private static final String GROUP = "certificates.k8s.io";

    private SignerRights() {}

    static boolean may(Authorizer authorizer, UserInfo user, String verb, String signer) {
        int slash = signer.indexOf('/');
        String domain = slash < 0 ? signer : signer.substring(0, slash);
        return allows(authorizer, user, verb, signer) || allows(authorizer, user, verb, domain + "/*");
    }

    private static boolean allows(Authorizer authorizer, UserInfo user, String verb, String name) {
        return authorizer
                .authorize(Attributes.resource(user, verb, GROUP, "signers", "", "", name))
                .allowed();
    }
}
