package io.pilothouse.worker.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.http.Exchange;
import io.pilothouse.worker.kube.ApiClient;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Who may ask the node: the API server by its certificate; all others are put to the API server (TokenReview, SubjectAccessReview). */
final class CallerCheck {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String API_SERVER = "kube-apiserver-kubelet-client";
    private final ApiClient client;
    private final List<X509Certificate> authorities;
    private final String node;
    private final Clock clock;

    CallerCheck(ApiClient client, List<X509Certificate> authorities, String node, Clock clock) {
        this.client = client;
        this.authorities = List.copyOf(authorities);
        this.node = node;
        this.clock = clock;
    }

    private record Caller(String name, List<String> groups) {}

    /** 0 when the caller may, else 401 or 403. */
    int check(Exchange exchange, String verb, String subresource) throws IOException {
        Optional<Caller> caller = exchange.peerCertificates().isEmpty()
                ? byToken(exchange)
                : byCertificate(exchange.peerCertificates().getFirst());
        if (caller.isEmpty()) {
            return 401;
        }
        if (caller.get().groups().contains("system:masters")
                || (!exchange.peerCertificates().isEmpty()
                        && caller.get().name().equals(API_SERVER))) {
            return 0;
        }
        ObjectNode review =
                ApiClient.object().put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
        ObjectNode spec = review.putObject("spec").put("user", caller.get().name());
        ArrayNode groups = spec.putArray("groups");
        caller.get().groups().forEach(groups::add);
        spec.putObject("resourceAttributes")
                .put("verb", verb)
                .put("resource", "nodes")
                .put("subresource", subresource)
                .put("name", node);
        JsonNode answer = client.create("/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
        return answer.path("status").path("allowed").asBoolean(false) ? 0 : 403;
    }

    private Optional<Caller> byToken(Exchange exchange) throws IOException {
        String header = exchange.headers().first("authorization").orElse("");
        if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        ObjectNode review =
                ApiClient.object().put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
        review.putObject("spec").put("token", header.substring(7).strip());
        JsonNode status = client.create("/apis/authentication.k8s.io/v1/tokenreviews", review)
                .path("status");
        if (!status.path("authenticated").asBoolean(false)) {
            return Optional.empty();
        }
        List<String> groups = new ArrayList<>();
        status.path("user").path("groups").forEach(g -> groups.add(g.asText()));
        return Optional.of(new Caller(status.path("user").path("username").asText(), groups));
    }

    private Optional<Caller> byCertificate(X509Certificate certificate) {
        try {
            certificate.checkValidity(Date.from(clock.instant()));
            List<String> usages = certificate.getExtendedKeyUsage();
            if (usages == null
                    || !usages.contains(CLIENT_AUTH)
                    || authorities.stream().noneMatch(a -> signed(certificate, a))) {
                return Optional.empty();
            }
            String name = "";
            List<String> groups = new ArrayList<>();
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    name = rdn.getValue().toString();
                } else if (rdn.getType().equalsIgnoreCase("O")) {
                    groups.add(rdn.getValue().toString());
                }
            }
            return name.isEmpty() ? Optional.empty() : Optional.of(new Caller(name, groups));
        } catch (GeneralSecurityException | InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static boolean signed(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
