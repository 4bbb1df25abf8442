package io.pilothouse.apiserver.server;

import io.pilothouse.http.Pem;
import io.pilothouse.http.TlsConfig.NamedIdentity;
import io.pilothouse.machinery.field.LabelFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;

/**
 * A certificate for clients that ask for one of its names, as {@code --tls-sni-cert-key} gives it.
 *
 * @param names empty for those in the certificate
 */
record NamedCertificate(Path certificate, Path key, List<String> names) {
    private static final int DNS_NAME = 2;

    /** @throws IllegalArgumentException for another form than CERTIFICATE,KEY or CERTIFICATE,KEY:NAME,NAME */
    static NamedCertificate parse(String text) {
        int colon = text.indexOf(':');
        String files = colon < 0 ? text : text.substring(0, colon);
        String names = colon < 0 ? "" : text.substring(colon + 1).strip();
        if (colon >= 0 && names.isEmpty()) {
            throw new IllegalArgumentException("empty names list is not allowed");
        }
        var pair = files.split(",", -1);
        if (pair.length != 2) {
            throw new IllegalArgumentException("expected comma separated certificate and key file paths");
        }
        return new NamedCertificate(
                Path.of(pair[0].strip()),
                Path.of(pair[1].strip()),
                names.isEmpty()
                        ? List.of()
                        : Arrays.stream(names.split(",", -1)).map(String::strip).toList());
    }

    NamedIdentity load() throws IOException {
        var chain = Pem.certificates(certificate);
        var all = names.isEmpty() ? namesOf(chain.getFirst()) : names;
        return new NamedIdentity(
                all.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(), chain, Pem.privateKey(key));
    }

    /** Addresses do not count: clients ask for names only. */
    private static List<String> namesOf(X509Certificate certificate) throws IOException {
        var out = new ArrayList<String>();
        try {
            var subject = new JcaX509CertificateHolder(certificate).getSubject().getRDNs(BCStyle.CN);
            for (var part : subject) {
                String name = IETFUtils.valueToString(part.getFirst().getValue());
                if (LabelFormat.subdomain(name.startsWith("*.") ? name.substring(2) : name)
                                .isEmpty()
                        && !name.matches("[0-9.]+")) {
                    out.add(name);
                }
            }
            var alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (var alternative : alternatives) {
                    if (alternative.getFirst().equals(DNS_NAME)) {
                        out.add((String) alternative.getLast());
                    }
                }
            }
            return out;
        } catch (CertificateParsingException | java.security.cert.CertificateEncodingException e) {
            throw new IOException("the names of a certificate cannot be read", e);
        }
    }
}
