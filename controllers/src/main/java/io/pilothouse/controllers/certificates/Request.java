package io.pilothouse.controllers.certificates;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.util.IPAddress;

/** What a certificate signing request asks for, and the rules of upstream's signers. */
final class Request {
    static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
    static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    static final String LEGACY = "kubernetes.io/legacy-unknown";
    static final String NODE_PREFIX = "system:node:";
    private static final Set<String> SIGNATURE = Set.of("digital signature", "key encipherment");

    private final CertificateSigningRequest object;
    private final PKCS10CertificationRequest pkcs10;

    private Request(CertificateSigningRequest object, PKCS10CertificationRequest pkcs10) {
        this.object = object;
        this.pkcs10 = pkcs10;
    }

    /**
     * Reads the PEM in the object.
     *
     * @throws IOException if it is none
     */
    static Request of(CertificateSigningRequest object) throws IOException {
        String pem = new String(Base64.getDecoder().decode(object.getSpec().getRequest()), StandardCharsets.US_ASCII);
        try (var parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof PKCS10CertificationRequest request) {
                return new Request(object, request);
            }
            throw new IOException("PEM block type must be CERTIFICATE REQUEST");
        }
    }

    PKCS10CertificationRequest pkcs10() {
        return pkcs10;
    }

    String signer() {
        return object.getSpec().getSignerName();
    }

    Set<String> usages() {
        return new TreeSet<>(object.getSpec().getUsages());
    }

    String commonName() {
        var names = pkcs10.getSubject().getRDNs(BCStyle.CN);
        return names.length == 0 ? "" : names[0].getFirst().getValue().toString();
    }

    private List<String> organizations() {
        var all = new ArrayList<String>();
        for (var name : pkcs10.getSubject().getRDNs(BCStyle.O)) {
            all.add(name.getFirst().getValue().toString());
        }
        return all;
    }

    Optional<GeneralNames> alternativeNames() {
        var extensions = pkcs10.getRequestedExtensions();
        return extensions == null
                ? Optional.empty()
                : Optional.ofNullable(GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName));
    }

    /** The names of one type, addresses as text. */
    List<String> alternativeNames(int type) {
        return alternativeNames()
                .map(names -> {
                    var found = new ArrayList<String>();
                    for (GeneralName name : names.getNames()) {
                        if (name.getTagNo() == type) {
                            found.add(
                                    type == GeneralName.iPAddress
                                            ? address(name)
                                            : name.getName().toString());
                        }
                    }
                    return List.copyOf(found);
                })
                .orElse(List.of());
    }

    private static String address(GeneralName name) {
        byte[] octets = org.bouncycastle.asn1.ASN1OctetString.getInstance(name.getName())
                .getOctets();
        try {
            String text = java.net.InetAddress.getByAddress(octets).getHostAddress();
            return IPAddress.isValid(text) ? text : "";
        } catch (java.net.UnknownHostException e) {
            return "";
        }
    }

    /** What breaks the rules of the signer; empty if nothing does. */
    Optional<String> violation() {
        return switch (signer()) {
            case KUBELET_SERVING -> kubelet("server auth").or(this::servingNames);
            case KUBELET_CLIENT ->
                kubelet("client auth")
                        .or(() -> alternativeNames().isEmpty()
                                ? Optional.empty()
                                : Optional.of("subjectAltNames are not allowed"));
            case CLIENT ->
                usages().contains("client auth") && usagesWithin("client auth")
                        ? Optional.empty()
                        : Optional.of("usages did not match [client auth digital signature key encipherment]");
            case LEGACY -> Optional.empty();
            default -> Optional.of("unrecognized signer " + signer());
        };
    }

    private boolean usagesWithin(String purpose) {
        return usages().stream().allMatch(usage -> SIGNATURE.contains(usage) || usage.equals(purpose));
    }

    private Optional<String> kubelet(String purpose) {
        if (!organizations().equals(List.of("system:nodes"))) {
            return Optional.of("subject organization is not system:nodes");
        }
        if (!commonName().startsWith(NODE_PREFIX)) {
            return Optional.of("subject common name does not begin with system:node:");
        }
        boolean usages = usagesWithin(purpose) && usages().containsAll(Set.of("digital signature", purpose));
        return usages
                ? Optional.empty()
                : Optional.of("usages did not match [digital signature key encipherment " + purpose + "]");
    }

    private Optional<String> servingNames() {
        if (alternativeNames(GeneralName.dNSName).isEmpty()
                && alternativeNames(GeneralName.iPAddress).isEmpty()) {
            return Optional.of("DNS or IP subjectAltName is required");
        }
        boolean others = !alternativeNames(GeneralName.rfc822Name).isEmpty()
                || !alternativeNames(GeneralName.uniformResourceIdentifier).isEmpty();
        return others ? Optional.of("Email and URI subjectAltNames are not allowed") : Optional.empty();
    }

    static boolean has(CertificateSigningRequest request, String condition) {
        return request.getStatus() != null
                && request.getStatus().getConditions().stream()
                        .anyMatch(each -> each.getType().equals(condition));
    }
}
