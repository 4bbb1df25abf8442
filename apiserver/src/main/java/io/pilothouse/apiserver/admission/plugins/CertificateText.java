package io.pilothouse.apiserver.admission.plugins;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** Reads the subject of a certificate request. */
record CertificateText(String commonName, List<String> organizations) {
    CertificateText {
        organizations = List.copyOf(organizations);
    }

    /**
     * Reads the request of a CertificateSigningRequest.
     *
     * @throws IOException in the words of upstream's reader
     */
    static CertificateText read(String encoded) throws IOException {
        String pem;
        try {
            pem = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IOException("PEM block type must be CERTIFICATE REQUEST", e);
        }
        try (var parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof PKCS10CertificationRequest request) {
                var names = values(request, BCStyle.CN);
                return new CertificateText(names.isEmpty() ? "" : names.getLast(), values(request, BCStyle.O));
            }
        }
        throw new IOException("PEM block type must be CERTIFICATE REQUEST");
    }

    private static List<String> values(PKCS10CertificationRequest request, ASN1ObjectIdentifier type) {
        List<String> out = new ArrayList<>();
        for (var name : request.getSubject().getRDNs(type)) {
            for (var part : name.getTypesAndValues()) {
                if (part.getType().equals(type)) {
                    out.add(IETFUtils.valueToString(part.getValue()));
                }
            }
        }
        return out;
    }
}
