package io.pilothouse.apiserver.reviews;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authn.Credentials;
import io.pilothouse.apiserver.authn.InvalidCredentialException;
import io.pilothouse.apiserver.authn.ServiceAccountTokens;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
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
                throw StatusException.invalid(
                        new GroupKind("authentication.k8s.io", "TokenReview"),
                        "",
                        List.of(FieldError.required(FieldPath.of("spec", "token"), "")));
            }
            var wanted = new LinkedHashSet<String>();
            review.path("spec").path("audiences").forEach(a -> wanted.add(a.asText()));
            Set<String> audiences = wanted.isEmpty() ? Set.copyOf(accounts.defaultAudiences()) : wanted;
            var status = review.putObject("status");
            try {
                var account = accounts.authenticate(token, audiences);
                if (account.isPresent()) {
                    authenticated(
                            status,
                            account.get().user().withGroup(UserInfo.ALL_AUTHENTICATED),
                            account.get().audiences());
                    return;
                }
                var other = others(token);
                if (other.isPresent()) {
                    authenticated(
                            status,
                            other.get(),
                            audiences.stream()
                                    .filter(accounts.defaultAudiences()::contains)
                                    .toList());
                    return;
                }
                status.putObject("user");
            } catch (InvalidCredentialException e) {
                status.putObject("user");
                status.put("error", "[invalid bearer token, " + e.getMessage() + "]");
            }
        }

        private Optional<UserInfo> others(String token) throws InvalidCredentialException {
            var credentials = new Credentials(Optional.of(token), List.of(), List.of(), name -> List.of());
            for (var authenticator : authenticators) {
                var user = authenticator.authenticate(credentials);
                if (user.isPresent()) {
                    return user;
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
