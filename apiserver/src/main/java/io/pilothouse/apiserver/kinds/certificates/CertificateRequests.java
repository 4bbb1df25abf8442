package io.pilothouse.apiserver.kinds.certificates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** What certificate signing requests say. */
final class CertificateRequests {
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final int SHORTEST_SECONDS = 600;

    private CertificateRequests() {}

    static List<FieldError> check(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        var spec = object.path("spec");
        if (!isRequest(spec.path("request").asText(""))) {
            errors.add(FieldError.invalid(
                    SPEC.child("request"), spec.path("request"), "PEM block type must be CERTIFICATE REQUEST"));
        }
        if (spec.path("usages").isEmpty()) {
            errors.add(FieldError.required(SPEC.child("usages"), ""));
        }
        String signer = spec.path("signerName").asText("");
        if (signer.isEmpty()) {
            errors.add(FieldError.required(SPEC.child("signerName"), ""));
        } else if (signer.indexOf('/') < 0) {
            errors.add(FieldError.invalid(
                    SPEC.child("signerName"),
                    signer,
                    "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
        }
        if (spec.hasNonNull("expirationSeconds")
                && spec.get("expirationSeconds").asLong() < SHORTEST_SECONDS) {
            errors.add(FieldError.invalid(
                    SPEC.child("expirationSeconds"),
                    spec.get("expirationSeconds").asLong(),
                    "may not specify a duration less than 600 seconds (10 minutes)"));
        }
        return errors;
    }

    private static boolean isRequest(String encoded) {
        try {
            var pem = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            try (var parser = new PEMParser(new StringReader(pem))) {
                return parser.readObject() instanceof PKCS10CertificationRequest;
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            return false;
        }
    }

    /** New and changed conditions get their times from the server. */
    static void stampConditions(ObjectNode object, ObjectNode old) {
        String now = ObjectMeta.format(Instant.now());
        for (var condition : object.path("status").path("conditions")) {
            var node = (ObjectNode) condition;
            boolean known = false;
            for (var before : old.path("status").path("conditions")) {
                known |= before.path("type").equals(condition.path("type"));
            }
            if (!known || !node.hasNonNull("lastTransitionTime")) {
                node.put("lastTransitionTime", now);
            }
            if (!node.hasNonNull("lastUpdateTime")) {
                node.put("lastUpdateTime", now);
            }
        }
    }

    static String duration(ObjectNode object) {
        var seconds = object.path("spec").path("expirationSeconds");
        return seconds.isNumber()
                ? TableWriter.since(Instant.EPOCH, Instant.ofEpochSecond(seconds.asLong()))
                : "<none>";
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
