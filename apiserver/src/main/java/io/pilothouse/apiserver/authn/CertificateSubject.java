package io.pilothouse.apiserver.authn;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;

/** The parts of a certificate's subject that name a Kubernetes user. */
record CertificateSubject(String commonName, List<String> organizations) {

    static CertificateSubject of(X509Certificate certificate) throws InvalidCredentialException {
        String commonName = "";
        var organizations = new ArrayList<String>();
        try {
            // RFC 2253 writes the last attribute first; LdapName counts from the end, so this is the order of the
            // encoding.
            for (var rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                var attributes = rdn.toAttributes().getAll();
                while (attributes.hasMore()) {
                    var attribute = attributes.next();
                    var values = attribute.getAll();
                    while (values.hasMore()) {
                        String value = String.valueOf(values.next());
                        switch (attribute.getID().toUpperCase(Locale.ROOT)) {
                            case "CN" -> commonName = value;
                            case "O" -> organizations.add(value);
                            default -> {}
                        }
                    }
                }
            }
        } catch (NamingException e) {
            throw new InvalidCredentialException("the certificate's subject cannot be read", e);
        }
        return new CertificateSubject(commonName, List.copyOf(organizations));
    }
}
