package io.pilothouse.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.request.UserInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfiguredAuthorizerTest {
    private static final Attributes QUESTION = Attributes.path(UserInfo.of("joe", "devs"), "get", "/x");
    private static final Map<String, Authorizer> OWN =
            Map.of("AlwaysAllow", a -> Decision.allow("all"), "AlwaysDeny", a -> Decision.noOpinion("none"));

    @TempDir
    Path directory;

    private Path config(String authorizers) throws Exception {
        return Files.writeString(
                directory.resolve("authz.yaml"),
                "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers: "
                        + authorizers);
    }

    private ConfiguredAuthorizer open(String authorizers) throws Exception {
        return ConfiguredAuthorizer.open(
                config(authorizers),
                OWN,
                (type, name, authorizer) -> authorizer,
                new ClientMetrics(new Metrics()),
                text -> Duration.parse("PT" + text));
    }

    @Test
    void aChangedFileIsTakenOverAndABadOneIsNot() throws Exception {
        var authorizer = open("[{type: AlwaysDeny, name: alwaysdeny}]");
        assertThat(authorizer.authorize(QUESTION)).isEqualTo(Decision.noOpinion("none"));
        config("[{type: AlwaysDeny, name: alwaysdeny}, {type: AlwaysAllow, name: alwaysallow}]");
        authorizer.reload();
        assertThat(authorizer.authorize(QUESTION)).isEqualTo(Decision.allow("all"));
        config("[{type: AlwaysAllow, name: alwaysallow}]");
        assertThatThrownBy(authorizer::reload)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing required types: [AlwaysDeny]");
        assertThat(authorizer.authorize(QUESTION)).isEqualTo(Decision.allow("all"));
        config("[]");
        assertThatThrownBy(authorizer::reload).isInstanceOf(IllegalArgumentException.class);
        assertThat(authorizer.authorize(QUESTION)).isEqualTo(Decision.allow("all"));
    }

    @Test
    void mistakesAreToldInUpstreamsWords() {
        assertThatThrownBy(() -> open("[{type: AlwaysAllow, name: other}]"))
                .hasMessage("expected name alwaysallow for authorizer AlwaysAllow instead of other");
        assertThatThrownBy(() -> open("[{type: Webhook, name: w, webhook: {timeout: 40s, failurePolicy: Deny,"
                        + " subjectAccessReviewVersion: v1, connectionInfo: {type: KubeConfigFile, kubeConfigFile: x},"
                        + " matchConditions: [{expression: 'request.nobody'}]}}]"))
                .hasMessageContaining("authorizers[0].timeout: Invalid value: \"40s\": must be > 0s and <= 30s")
                .hasMessageContaining("authorizers[0].connectionInfo.kubeConfigFile: Invalid value: \"x\":"
                        + " must be an absolute path")
                .hasMessageContaining("matchConditionSubjectAccessReviewVersion: Required value: required if match"
                        + " conditions are specified")
                .hasMessageContaining("undefined field 'nobody'");
        assertThatThrownBy(() -> open("[{type: AlwaysAllow, name: alwaysallow, more: 1}]"))
                .hasMessageEndingWith("strict decoding error: unknown field \"authorizers[0].more\"");
    }

    @Test
    void conditionsSayWhetherAWebhookIsAsked() {
        Authorizer yes = a -> Decision.allow("yes");
        Authorizer broken = a -> Decision.noOpinion("").withError("no route");
        assertThat(new ConditionalWebhook(yes, List.of("'devs' in request.groups"), true).authorize(QUESTION))
                .isEqualTo(Decision.allow("yes"));
        assertThat(new ConditionalWebhook(yes, List.of("has(request.resourceAttributes)"), true).authorize(QUESTION))
                .isEqualTo(Decision.noOpinion(""));
        var failing = List.of("request.resourceAttributes.verb == 'get'");
        assertThat(new ConditionalWebhook(yes, failing, true)
                        .authorize(QUESTION)
                        .kind())
                .isEqualTo(Decision.Kind.DENY);
        assertThat(new ConditionalWebhook(yes, failing, false)
                        .authorize(QUESTION)
                        .error())
                .startsWith("cel evaluation error: expression 'request.resourceAttributes.verb == 'get''");
        assertThat(new ConditionalWebhook(broken, List.of(), true).authorize(QUESTION))
                .isEqualTo(Decision.deny("").withError("no route"));
    }
}
