package io.pilothouse.iam.mapping;

import io.pilothouse.iam.AuthenticationFailure;
import io.pilothouse.iam.AuthenticationFailure.Kind;
import io.pilothouse.iam.token.VerifiedPrincipal;
import java.io.IOException;
import java.util.regex.Pattern;

/** The templates in usernames and groups. */
public final class MappingTemplate {
    private static final Pattern INSTANCE = Pattern.compile("i-(\\w{8}|\\w{17})");
    private final PrivateDnsNames names;

    /** Templates whose {{EC2PrivateDNSName}} is looked up there. */
    public MappingTemplate(PrivateDnsNames names) {
        this.names = names;
    }

    /** Fills a template with what is known of the principal. */
    public String render(String template, VerifiedPrincipal principal) throws AuthenticationFailure {
        String text = template;
        if (text.contains("{{EC2PrivateDNSName}}")) {
            text = text.replace("{{EC2PrivateDNSName}}", privateDnsName(principal.sessionName()));
        }
        // A user may name a session as he likes: no '@' goes into a Kubernetes name unless the raw form is asked for.
        return text.replace("{{AccountID}}", principal.accountId())
                .replace("{{SessionName}}", principal.sessionName().replace('@', '-'))
                .replace("{{SessionNameRaw}}", principal.sessionName())
                .replace("{{AccessKeyID}}", principal.accessKeyId());
    }

    private String privateDnsName(String session) throws AuthenticationFailure {
        if (!INSTANCE.matcher(session).matches()) {
            throw new AuthenticationFailure(Kind.NOT_MAPPED, "SessionName did not contain an instance id");
        }
        try {
            return names.find(session)
                    .orElseThrow(() -> new AuthenticationFailure(
                            Kind.NOT_MAPPED, "no private DNS name found for instance " + session));
        } catch (IOException e) {
            throw new AuthenticationFailure(
                    Kind.STS_ERROR, "private DNS name of " + session + " could not be looked up", e);
        }
    }
}
