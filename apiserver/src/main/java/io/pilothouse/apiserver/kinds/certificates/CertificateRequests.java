package io.pilothouse.apiserver.kinds.certificates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Aged;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** What certificate signing requests say. */
final class CertificateRequests {
    private CertificateRequests() {}

    /** What is wrong with a request, or null. */
    static @Nullable String problem(String encoded) {
        try (var parser = parser(encoded)) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
                return "PEM block type must be CERTIFICATE REQUEST";
            }
            var verifier = new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo());
            return request.isSignatureValid(verifier) ? null : "x509: signature of the request does not verify";
        } catch (IOException | IllegalArgumentException unreadable) {
            return "PEM block type must be CERTIFICATE REQUEST";
        } catch (OperatorCreationException | PKCSException unknown) {
            return "x509: cannot verify signature: algorithm unimplemented";
        }
    }

    /** What is wrong with an issued certificate and what stands with it, or null. */
    static @Nullable String certificateProblem(String encoded) {
        if (encoded.isEmpty()) {
            return null;
        }
        int certificates = 0;
        try (var parser = parser(encoded)) {
            for (var block = parser.readPemObject(); block != null; block = parser.readPemObject()) {
                if (!block.getType().equals("CERTIFICATE")) {
                    return "only CERTIFICATE PEM blocks are allowed, found " + GoText.quote(block.getType());
                }
                if (!block.getHeaders().isEmpty()) {
                    return "no PEM block headers are permitted";
                }
                new X509CertificateHolder(block.getContent());
                certificates++;
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            return "x509: malformed certificate";
        }
        return certificates == 0 ? "must contain at least one CERTIFICATE PEM block" : null;
    }

    private static PEMParser parser(String encoded) {
        return new PEMParser(new StringReader(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8)));
    }

    /** Conditions get their times from the server, unless they have them. */
    static void stampConditions(ObjectNode object, ObjectNode old, WriteContext context) {
        String now = ObjectMeta.format(context.now());
        for (var condition : object.path("status").path("conditions")) {
            var node = (ObjectNode) condition;
            Trees.fillAbsent(node, "lastUpdateTime", now);
            if (!node.hasNonNull("lastTransitionTime")) {
                node.put("lastTransitionTime", transition(node, old, now));
            }
        }
    }

    private static String transition(ObjectNode condition, ObjectNode old, String now) {
        for (var before : old.path("status").path("conditions")) {
            if (before.path("type").equals(condition.path("type"))
                    && before.path("status").equals(condition.path("status"))
                    && before.hasNonNull("lastTransitionTime")) {
                return before.path("lastTransitionTime").asText();
            }
        }
        return now;
    }

    /** The conditions of a type are those of the old object, where there are as many: so that a write of others does not change them. */
    static void preserve(ObjectNode object, ObjectNode old, String type) {
        var now = ofType(object, type);
        var before = ofType(old, type);
        if (now.size() == before.size()) {
            for (int i = 0; i < now.size(); i++) {
                now.get(i).removeAll();
                now.get(i).setAll(before.get(i).deepCopy());
            }
        }
    }

    private static List<ObjectNode> ofType(ObjectNode object, String type) {
        var out = new ArrayList<ObjectNode>();
        for (var condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                out.add((ObjectNode) condition);
            }
        }
        return out;
    }

    static String duration(ObjectNode object) {
        var seconds = object.path("spec").path("expirationSeconds");
        return seconds.isNumber() ? Aged.words(Duration.ofSeconds(seconds.asLong())) : "<none>";
    }

    static String condition(ObjectNode object) {
        boolean approved = false;
        boolean denied = false;
        boolean failed = false;
        for (var condition : object.path("status").path("conditions")) {
            switch (condition.path("type").asText()) {
                case "Approved" -> approved = true;
                case "Denied" -> denied = true;
                case "Failed" -> failed = true;
                default -> {}
            }
        }
        var out = new ArrayList<String>();
        out.add(denied ? "Denied" : approved ? "Approved" : "Pending");
        if (failed) {
            out.add("Failed");
        }
        if (!object.path("status").path("certificate").asText("").isEmpty()) {
            out.add("Issued");
        }
        return String.join(",", out);
    }
}
