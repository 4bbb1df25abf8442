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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Who may ask the node, as the kubelet has it with webhook authentication and authorization: a client is known by a certificate of the cluster's or by a
 * TokenReview, and may what a SubjectAccessReview says; the API server itself is no exception. Answers are remembered as long as the kubelet does. Safe on any
 * thread.
 */
final class CallerCheck {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final Duration ALLOWED_FOR = Duration.ofMinutes(5);
    private static final Duration REFUSED_FOR = Duration.ofSeconds(30);
    private static final int REMEMBERED = 1000;
    private final ApiClient client;
    private final List<X509Certificate> authorities;
    private final String node;
    private final Clock clock;
    private final Map<Question, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Answer> eldest) {
            return size() > REMEMBERED;
        }
    };

    CallerCheck(ApiClient client, List<X509Certificate> authorities, String node, Clock clock) {
        this.client = client;
        this.authorities = List.copyOf(authorities);
        this.node = node;
        this.clock = clock;
    }

    private record Caller(String name, List<String> groups) {}

    private record Question(Caller caller, String verb, String subresource) {}

    private record Answer(boolean allowed, Instant until) {}

    /**
     * 0 when the caller may, else 401 or 403.
     *
     * @param subresources of the node, any of which is enough
     */
    int check(Exchange exchange, String verb, List<String> subresources) throws IOException {
        Optional<Caller> caller = exchange.peerCertificates().isEmpty()
                ? byToken(exchange)
                : byCertificate(exchange.peerCertificates().getFirst());
        if (caller.isEmpty()) {
            return 401;
        }
        for (String subresource : subresources) {
            if (isAllowed(new Question(caller.get(), verb, subresource))) {
                return 0;
            }
        }
        return 403;
    }

    private boolean isAllowed(Question question) throws IOException {
        Instant now = clock.instant();
        synchronized (answers) {
            Answer known = answers.get(question);
            if (known != null && now.isBefore(known.until())) {
                return known.allowed();
            }
        }
        boolean allowed = ask(question);
        synchronized (answers) {
            answers.put(question, new Answer(allowed, now.plus(allowed ? ALLOWED_FOR : REFUSED_FOR)));
        }
        return allowed;
    }

    private boolean ask(Question question) throws IOException {
        ObjectNode review =
                ApiClient.object().put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
        ObjectNode spec = review.putObject("spec").put("user", question.caller().name());
        ArrayNode groups = spec.putArray("groups");
        question.caller().groups().forEach(groups::add);
        spec.putObject("resourceAttributes")
                .put("verb", question.verb())
                .put("version", "v1")
                .put("resource", "nodes")
                .put("subresource", question.subresource())
                .put("name", node);
        JsonNode answer = client.create("/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
        return answer.path("status").path("allowed").asBoolean(false);
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
            groups.add("system:authenticated");
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
