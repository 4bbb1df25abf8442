package io.pilothouse.iam;

import io.pilothouse.iam.AuthenticationFailure.Kind;
import io.pilothouse.iam.mapping.IdentityMapper;
import io.pilothouse.iam.mapping.IdentityMapping;
import io.pilothouse.iam.mapping.MappingTemplate;
import io.pilothouse.iam.mapping.PrivateDnsNames;
import io.pilothouse.iam.token.PresignedToken;
import io.pilothouse.iam.token.TokenParser;
import io.pilothouse.iam.token.TokenVerifier;
import io.pilothouse.iam.token.VerifiedPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From an IAM token to a Kubernetes identity. Blocks while STS is asked; safe for many threads. */
public final class IamAuthenticator {
    private final TokenParser parser;
    private final TokenVerifier verifier;
    private final List<IdentityMapper> mappers;
    private final MappingTemplate template;

    /** @param mappers the backends in the order in which they are asked; the first that knows the principal decides */
    public IamAuthenticator(
            TokenParser parser, TokenVerifier verifier, List<IdentityMapper> mappers, PrivateDnsNames names) {
        this.parser = parser;
        this.verifier = verifier;
        this.mappers = List.copyOf(mappers);
        this.template = new MappingTemplate(names);
    }

    /** Whether a bearer token is one of ours at all, so that others may be left to other authenticators. */
    public static boolean isIamToken(String token) {
        return token.startsWith("k8s-aws-v1.");
    }

    /** The identity behind a token. */
    public Identity authenticate(String token) throws AuthenticationFailure {
        PresignedToken presigned = parser.parse(token);
        VerifiedPrincipal principal = verifier.verify(presigned);
        for (IdentityMapper mapper : mappers) {
            Optional<IdentityMapping> mapping = mapper.find(principal);
            if (mapping.isPresent()) {
                return identity(principal, mapping.get());
            }
        }
        throw new AuthenticationFailure(Kind.NOT_MAPPED, "ARN is not mapped: " + principal.canonicalArn());
    }

    private Identity identity(VerifiedPrincipal principal, IdentityMapping mapping) throws AuthenticationFailure {
        List<String> groups = new ArrayList<>();
        for (String group : mapping.groups()) {
            groups.add(template.render(group, principal));
        }
        Map<String, List<String>> extra = Map.of(
                "arn", List.of(principal.arn()),
                "canonicalArn", List.of(principal.canonicalArn()),
                "sessionName", List.of(principal.sessionName()),
                "accessKeyId", List.of(principal.accessKeyId()),
                "principalId", List.of(principal.userId()),
                "sigs.k8s.io/aws-iam-authenticator/principalId", List.of(principal.userId()));
        return new Identity(
                template.render(mapping.username(), principal),
                "aws-iam-authenticator:" + principal.accountId() + ":" + principal.userId(),
                groups,
                extra);
    }
}
