package io.pilothouse.apiserver.kinds.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for certificate signing requests. Each kind of write may set what the others may not.
 *
 * @param approval whether the write may approve and deny
 * @param certificate whether the write may issue the certificate
 */
record RequestValidation(boolean approval, boolean certificate) {
    /** Of a write of the object itself. */
    static final RequestValidation OBJECT = new RequestValidation(false, false);

    /** Of a write through the status. */
    static final RequestValidation STATUS = new RequestValidation(false, true);

    /** Of a write through the approval. */
    static final RequestValidation APPROVAL = new RequestValidation(true, false);

    private static final int SHORTEST_SECONDS = 600;
    private static final String LEGACY = "kubernetes.io/legacy-unknown";
    private static final List<String> USAGES = List.of(
            "any",
            "cert sign",
            "client auth",
            "code signing",
            "content commitment",
            "crl sign",
            "data encipherment",
            "decipher only",
            "digital signature",
            "email protection",
            "encipher only",
            "ipsec end system",
            "ipsec tunnel",
            "ipsec user",
            "key agreement",
            "key encipherment",
            "microsoft sgc",
            "netscape sgc",
            "ocsp signing",
            "s/mime",
            "server auth",
            "signing",
            "timestamping");
    private static final Set<String> ONLY_TRUE = Set.of("Approved", "Denied", "Failed");
    private static final String EXCLUSIVE = "Approved and Denied conditions are mutually exclusive";

    List<FieldError> create(ObjectNode request) {
        var errors = new ArrayList<FieldError>();
        check(Field.of(request, errors), null);
        return errors;
    }

    List<FieldError> update(ObjectNode request, ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var root = Field.of(request, errors);
        check(root, old);
        var conditions = root.child("status", "conditions");
        for (String type : new String[] {"Approved", "Denied", "Failed"}) {
            if (of(request, type).size() < of(old, type).size()) {
                conditions.forbidden("updates may not remove a condition of type " + GoText.quote(type));
            }
        }
        if (!approval) {
            decisions(conditions, request, old);
        }
        var issued = root.child("status", "certificate");
        String before = old.path("status").path("certificate").asText("");
        if (!issued.is(before)) {
            if (!certificate) {
                issued.forbidden("updates may not set certificate content");
            } else if (!before.isEmpty()) {
                issued.forbidden("updates may not modify existing certificate content");
            }
        }
        return errors;
    }

    private static void decisions(Field conditions, ObjectNode request, ObjectNode old) {
        for (String type : new String[] {"Approved", "Denied"}) {
            var now = of(request, type);
            var before = of(old, type);
            if (now.size() > before.size()) {
                conditions.forbidden("updates may not add a condition of type " + GoText.quote(type));
            } else if (now.size() == before.size() && !now.equals(before)) {
                conditions.forbidden("updates may not modify a condition of type " + GoText.quote(type));
            }
        }
    }

    private static List<JsonNode> of(ObjectNode request, String type) {
        return request.path("status")
                .path("conditions")
                .valueStream()
                .filter(c -> c.path("type").asText().equals(type))
                .toList();
    }

    private static void check(Field root, @Nullable ObjectNode old) {
        var spec = root.child("spec");
        var request = spec.child("request");
        var problem = CertificateRequests.problem(request.text());
        if (problem != null) {
            request.add(FieldError.invalid(request.path(), request.present() ? request.value() : null, problem));
        }
        spec.child("usages").mustExist();
        // What was there before stays allowed.
        var usagesBefore = old == null ? null : old.path("spec").get("usages");
        if (!Objects.equals(spec.child("usages").value(), usagesBefore)) {
            usages(spec.child("usages"));
        }
        var signer = spec.child("signerName");
        if (signer.is(LEGACY)
                && (old == null || !old.path("spec").path("signerName").asText().equals(LEGACY))) {
            signer.invalid("the legacy signerName is not allowed via this API version");
        } else {
            signer(signer);
        }
        spec.child("expirationSeconds").ifPresent(seconds -> {
            if (seconds.number() < SHORTEST_SECONDS) {
                seconds.invalid("may not specify a duration less than 600 seconds (10 minutes)");
            }
        });
        conditions(root.child("status", "conditions"), old);
        var issued = root.child("status", "certificate");
        if (old == null || !issued.is(old.path("status").path("certificate").asText(""))) {
            var wrong = CertificateRequests.certificateProblem(issued.text());
            if (wrong != null) {
                issued.invalid("<certificate data>", wrong);
            }
        }
    }

    private static void usages(Field usages) {
        usages.each(usage -> usage.oneOf(USAGES.toArray(String[]::new)));
        var seen = new HashSet<String>();
        usages.each(usage -> {
            if (!seen.add(usage.text())) {
                usage.duplicate();
            }
        });
    }

    /** A name below a domain. */
    private static void signer(Field signer) {
        if (!signer.mustExist()) {
            return;
        }
        var segments = signer.text().split("/", -1);
        if (segments.length != 2) {
            signer.invalid("must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        labels(signer, segments[0], LabelFormat::label);
        if (!segments[0].contains(".")) {
            signer.invalid(segments[0], "should be a domain with at least two segments separated by dots");
        }
        labels(signer, segments[1], LabelFormat::subdomain);
    }

    private static void labels(Field signer, String segment, java.util.function.Function<String, List<String>> format) {
        for (String label : segment.split("\\.", -1)) {
            var problems = format.apply(label);
            if (!problems.isEmpty()) {
                problems.forEach(
                        problem -> signer.invalid(segment, "validating label " + GoText.quote(label) + ": " + problem));
                return;
            }
        }
    }

    private static void conditions(Field conditions, @Nullable ObjectNode old) {
        boolean bothBefore = old != null
                && !of(old, "Approved").isEmpty()
                && !of(old, "Denied").isEmpty();
        var seen = new HashSet<String>();
        conditions.each(condition -> {
            var type = condition.child("type");
            type.mustExist();
            var status = condition.child("status");
            if (ONLY_TRUE.contains(type.text())) {
                status.requiredOneOf("True");
            } else {
                status.requiredOneOf("False", "True", "Unknown");
            }
            boolean exclusive = (type.is("Approved") && seen.contains("Denied"))
                    || (type.is("Denied") && seen.contains("Approved"));
            if (exclusive && !bothBefore) {
                conditions.invalid(type.text(), EXCLUSIVE);
            }
            if (!seen.add(type.text())) {
                type.duplicate();
            }
        });
    }
}
