package io.pilothouse.apiserver.reviews;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authn.Credentials;
import io.pilothouse.apiserver.authn.InvalidCredentialException;
import io.pilothouse.apiserver.authn.ServiceAccountTokens;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** authentication.k8s.io/v1: whose token is this (TokenReview), and who am I (SelfSubjectReview). */
final class AuthenticationReviews {
    private AuthenticationReviews() {}

    /** TokenReview. */
    static final class Token extends ReviewAction {
        private final List<Authenticator> authenticators;
        private final ServiceAccountTokens accounts;

        /** @param authenticators those that read bearer tokens, but for service accounts' */
        Token(List<Authenticator> authenticators, ServiceAccountTokens accounts) {
            this.authenticators = List.copyOf(authenticators);
            this.accounts = accounts;
        }

        @Override
        void answer(ApiRequest request, ObjectNode review) {
            String token = review.path("spec").path("token").asText();
            if (token.isEmpty()) {
                throw StatusException.badRequest("token is required for TokenReview in authentication");
            }
            var wanted = new ArrayList<String>();
            review.path("spec").path("audiences").forEach(a -> wanted.add(a.asText()));
            var audiences = wanted.isEmpty() ? accounts.audiences() : wanted;
            var status = review.putObject("status");
            // Upstream asks about a token of its own first, which is never the one.
            var problems = new LinkedHashSet<>(List.of("invalid bearer token"));
            try {
                var account = accounts.authenticate(token, audiences, request.notes());
                if (account.isPresent()) {
                    authenticated(
                            status,
                            account.get().user().withGroup(UserInfo.ALL_AUTHENTICATED),
                            account.get().audiences());
                    return;
                }
            } catch (InvalidCredentialException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
            var common =
                    audiences.stream().filter(accounts.audiences()::contains).toList();
            var other = common.isEmpty() ? Optional.<UserInfo>empty() : others(token, problems);
            if (other.isPresent()) {
                authenticated(status, other.get(), common);
                return;
            }
            status.putObject("user");
            status.put("error", problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]");
        }

        private Optional<UserInfo> others(String token, Set<String> problems) {
            var credentials = Credentials.ofToken(token);
            for (var authenticator : authenticators) {
                try {
                    var user = authenticator.authenticate(credentials);
                    if (user.isPresent()) {
                        return user;
                    }
                } catch (InvalidCredentialException e) {
                    problems.add(String.valueOf(e.getMessage()));
                }
            }
            return Optional.empty();
        }

        private static void authenticated(ObjectNode status, UserInfo user, List<String> audiences) {
            status.put("authenticated", true);
            write(status.putObject("user"), user);
            var array = status.putArray("audiences");
            audiences.forEach(array::add);
        }
    }

    /** SelfSubjectReview. */
    static final class Self extends ReviewAction {
        @Override
        void answer(ApiRequest request, ObjectNode review) {
            if (request.user().name().equals(UserInfo.ANONYMOUS)) {
                throw StatusException.forbidden(
                        new io.pilothouse.machinery.meta.GroupResource("authentication.k8s.io", "selfsubjectreviews"),
                        "",
                        "authentication is required");
            }
            // The answer is another object than the question: it has nothing of the question's metadata.
            var metadata = review.putObject("metadata");
            metadata.put("creationTimestamp", ObjectMeta.format(request.received()));
            write(review.putObject("status").putObject("userInfo"), request.user());
        }
    }

    private static void write(ObjectNode node, UserInfo user) {
        node.put("username", user.name());
        if (!user.uid().isEmpty()) {
            node.put("uid", user.uid());
        }
        var groups = node.putArray("groups");
        user.groups().forEach(groups::add);
        if (!user.extra().isEmpty()) {
            var extra = node.putObject("extra");
            new TreeMap<>(user.extra()).forEach((key, values) -> values.forEach(extra.withArrayProperty(key)::add));
        }
    }
}
