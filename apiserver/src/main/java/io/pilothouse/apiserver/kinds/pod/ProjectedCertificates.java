package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.pod.ProjectedVolumes.Paths;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.SelectorRules;
import io.pilothouse.machinery.gotext.GoText;
import java.util.List;
import java.util.Locale;

/**
 * Certificates and trust bundles in projected volumes. Their features are off, so that only objects that another server stored have
 * them; what remains of those must still be right.
 */
final class ProjectedCertificates {
    private static final List<String> KEY_TYPES =
            List.of("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519");
    private static final long SHORTEST = 3600;
    private static final long LONGEST = 91L * 24 * 3600;
    private static final long LONGEST_OF_KUBERNETES = 24L * 3600;
    private static final int LONGEST_DOMAIN = 253;
    private static final int LONGEST_SIGNER = 571;

    private ProjectedCertificates() {}

    static void trustBundle(Field bundle, Paths paths) {
        var name = bundle.child("name");
        var signer = bundle.child("signerName");
        var selector = bundle.child("labelSelector");
        if (name.present() && signer.present()) {
            bundle.invalid("only one of name and signerName may be used");
        } else if (name.present()) {
            if (name.isEmpty()) {
                name.required("must be a valid object name");
            }
            bundleName(name.text()).forEach(problem -> name.invalid("not a valid clustertrustbundlename: " + problem));
            if (selector.present()) {
                selector.invalid("labelSelector must be unset if name is specified");
            }
        } else if (signer.present()) {
            if (signer.isEmpty()) {
                signer.required("must be a valid signer name");
            }
            signerName(signer);
            SelectorRules.check(selector);
        } else {
            bundle.required("either name or signerName must be specified");
        }
        bundle.child("path").mustExist();
        PathRules.notReserved(bundle.child("path"));
        paths.take(bundle.child("path").text(), bundle.child("path").text());
    }

    /** A bundle of a signer is named with its name before. */
    private static List<String> bundleName(String name) {
        return LabelFormat.subdomain(name.substring(name.lastIndexOf(':') + 1));
    }

    /** The name of a signer: a domain and a path of one step. */
    static void signerName(Field signer) {
        if (!signer.mustExist()) {
            return;
        }
        String[] parts = signer.text().split("/", -1);
        if (parts.length != 2) {
            signer.invalid("must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        if (parts[0].length() > LONGEST_DOMAIN) {
            signer.add(FieldError.tooLong(signer.path(), LONGEST_DOMAIN));
        }
        segments(signer, parts[0], true);
        if (parts[0].indexOf('.') < 0) {
            signer.invalid(parts[0], "should be a domain with at least two segments separated by dots");
        }
        segments(signer, parts[1], false);
        if (signer.text().length() > LONGEST_SIGNER) {
            signer.add(FieldError.tooLong(signer.path(), LONGEST_SIGNER));
        }
    }

    /** Only the first segment that is wrong is told. */
    private static void segments(Field signer, String part, boolean labels) {
        for (String segment : part.split("\\.", -1)) {
            var problems = labels ? LabelFormat.label(segment) : LabelFormat.subdomain(segment);
            problems.forEach(
                    problem -> signer.invalid(part, "validating label " + GoText.quote(segment) + ": " + problem));
            if (!problems.isEmpty()) {
                return;
            }
        }
    }

    static void certificate(Field certificate, Paths paths) {
        var signer = certificate.child("signerName");
        signerName(signer);
        certificate.child("userAnnotations").ifPresent(ProjectedCertificates::userAnnotations);
        certificate.child("keyType").oneOf(KEY_TYPES.toArray(String[]::new));
        var seconds = certificate.child("maxExpirationSeconds");
        if (seconds.present()) {
            if (seconds.number() < SHORTEST) {
                seconds.invalid("if provided, maxExpirationSeconds must be >= " + SHORTEST);
            }
            String domain = signer.text().split("/", -1)[0];
            boolean own = domain.equals("kubernetes.io") || domain.endsWith(".kubernetes.io");
            long longest = own ? LONGEST_OF_KUBERNETES : LONGEST;
            if (seconds.number() > longest) {
                seconds.invalid("if provided, maxExpirationSeconds must be <= " + longest);
            }
        }
        int count = 0;
        for (String field : List.of("credentialBundlePath", "keyPath", "certificateChainPath")) {
            var path = certificate.child(field);
            if (!path.isEmpty()) {
                count++;
                PathRules.notReserved(path);
                paths.take(path.text(), path.text());
            }
        }
        if (count == 0) {
            certificate.required("specify at least one of credentialBundlePath, keyPath, and certificateChainPath");
        }
    }

    private static void userAnnotations(Field annotations) {
        long size = 0;
        for (var entry : annotations.value().properties()) {
            String key = entry.getKey().toLowerCase(Locale.ROOT);
            size += entry.getKey().length() + (long) textOf(entry.getValue()).length();
            var problems = LabelFormat.key(key);
            problems.forEach(problem -> annotations.invalid(key, problem));
            if (problems.isEmpty() && key.indexOf('/') < 0) {
                annotations.invalid(key, "must be a domain-prefixed key (such as \"acme.io/foo\")");
            }
        }
        if (size > 256 * 1024) {
            annotations.add(FieldError.tooLong(annotations.path(), 256 * 1024));
        }
    }

    private static String textOf(JsonNode node) {
        return node.asText("");
    }
}
