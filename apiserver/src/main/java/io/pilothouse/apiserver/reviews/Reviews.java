package io.pilothouse.apiserver.reviews;

import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authn.ServiceAccountTokens;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.RbacAuthorizer;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceBuilder;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.endpoint.ResourceDispatcher.Action;
import io.pilothouse.apiserver.endpoint.Submissions;
import java.util.List;
import java.util.Map;

/** The reviews: their declarations for the catalogue, and what answers them. */
public final class Reviews {
    private static final String AUTHORIZATION = "authorization.k8s.io";
    private static final String AUTHENTICATION = "authentication.k8s.io";

    private Reviews() {}

    public static List<ResourceDefinition> definitions(Schemas schemas) {
        return List.of(
                review(AUTHENTICATION, "selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview", schemas)
                        .clusterScoped()
                        .build(),
                review(AUTHENTICATION, "tokenreviews", "tokenreview", "TokenReview", schemas)
                        .clusterScoped()
                        .build(),
                review(
                                AUTHORIZATION,
                                "localsubjectaccessreviews",
                                "localsubjectaccessreview",
                                "LocalSubjectAccessReview",
                                schemas)
                        .build(),
                review(
                                AUTHORIZATION,
                                "selfsubjectaccessreviews",
                                "selfsubjectaccessreview",
                                "SelfSubjectAccessReview",
                                schemas)
                        .clusterScoped()
                        .build(),
                review(
                                AUTHORIZATION,
                                "selfsubjectrulesreviews",
                                "selfsubjectrulesreview",
                                "SelfSubjectRulesReview",
                                schemas)
                        .clusterScoped()
                        .build(),
                review(AUTHORIZATION, "subjectaccessreviews", "subjectaccessreview", "SubjectAccessReview", schemas)
                        .clusterScoped()
                        .build());
    }

    private static ResourceBuilder review(String group, String plural, String singular, String kind, Schemas schemas) {
        return ResourceDefinition.of(group, plural, singular, kind)
                .version("v1", schemas)
                .verbs("create")
                .notStored();
    }

    /** @param tokenAuthenticators those that read bearer tokens, but for service accounts' */
    public static Map<String, Action> actions(
            Schemas schemas,
            Authorizer authorizer,
            RbacAuthorizer rbac,
            List<Authenticator> tokenAuthenticators,
            ServiceAccountTokens tokens,
            ClusterView cluster,
            Submissions submissions) {
        var requests = new TokenRequests(tokens, cluster, submissions, schemas.type(TokenRequests.KIND));
        return Map.of(
                AUTHENTICATION + "/selfsubjectreviews",
                action(new AuthenticationReviews.Self(), submissions),
                AUTHENTICATION + "/tokenreviews",
                action(new AuthenticationReviews.Token(tokenAuthenticators, tokens), submissions),
                AUTHORIZATION + "/localsubjectaccessreviews",
                action(new AccessReviews(authorizer, AccessReviews.Form.LOCAL), submissions),
                AUTHORIZATION + "/selfsubjectaccessreviews",
                action(new AccessReviews(authorizer, AccessReviews.Form.SELF), submissions),
                AUTHORIZATION + "/subjectaccessreviews",
                action(new AccessReviews(authorizer, AccessReviews.Form.ANYBODY), submissions),
                AUTHORIZATION + "/selfsubjectrulesreviews",
                action(new RulesReview(rbac), submissions),
                "/serviceaccounts/token",
                (request, definition, version) -> requests.handle(request, definition));
    }

    private static Action action(ReviewAction review, Submissions submissions) {
        return (request, definition, version) -> review.handle(request, definition, version, submissions);
    }
}
