package io.pilothouse.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.request.UserInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookAuthorizerTest {
    private static final WebhookAuthorizer.Keep KEEP = new WebhookAuthorizer.Keep(Duration.ofMinutes(5), Duration.ZERO);

    private final List<ObjectNode> asked = new ArrayList<>();
    private final ObjectNode status = JsonNodeFactory.instance.objectNode();
    private boolean broken;

    @Test
    void asksInTheWordsOfTheVersionAndKeepsAYes() {
        status.put("allowed", true).put("reason", "of course");
        var attributes = Attributes.resource(UserInfo.of("joe", "devs"), "list", "apps", "deployments", "", "a", "")
                .selecting("v1", SelectorTerms.ofFields("metadata.name=x"), SelectorTerms.NONE);
        var authorizer = new WebhookAuthorizer(this::answer, "v1", KEEP);

        assertThat(authorizer.authorize(attributes)).isEqualTo(Decision.allow("of course"));
        assertThat(authorizer.authorize(attributes).allowed()).isTrue();

        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst().path("apiVersion").asText()).isEqualTo("authorization.k8s.io/v1");
        assertThat(asked.getFirst().path("spec"))
                .hasToString("{\"resourceAttributes\":{\"namespace\":\"a\",\"verb\":\"list\",\"group\":\"apps\","
                        + "\"version\":\"v1\",\"resource\":\"deployments\",\"fieldSelector\":{\"requirements\":["
                        + "{\"key\":\"metadata.name\",\"operator\":\"In\",\"values\":[\"x\"]}]}},"
                        + "\"user\":\"joe\",\"groups\":[\"devs\"]}");
    }

    @Test
    void aNoHoldsForItsOwnTimeAndDeniesOnlyIfItSaysSo() {
        var authorizer = new WebhookAuthorizer(this::answer, "v1beta1", KEEP);
        var attributes = Attributes.path(UserInfo.of("joe", "devs"), "get", "/x");
        status.put("allowed", false).put("reason", "unknown");
        assertThat(authorizer.authorize(attributes)).isEqualTo(Decision.noOpinion("unknown"));

        status.put("denied", true);
        assertThat(authorizer.authorize(attributes)).isEqualTo(Decision.deny("unknown"));
        assertThat(asked.getFirst().path("spec").path("group").get(0).asText()).isEqualTo("devs");
    }

    @Test
    void aWebhookThatCannotBeAskedHasNoOpinion() {
        broken = true;
        var decision = new WebhookAuthorizer(this::answer, "v1", KEEP)
                .authorize(Attributes.path(UserInfo.of("joe"), "get", "/x"));

        assertThat(decision.kind()).isEqualTo(Decision.Kind.NO_OPINION);
        assertThat(decision.error()).isEqualTo("no route");
    }

    private ObjectNode answer(ObjectNode review) throws IOException {
        if (broken) {
            throw new IOException("no route");
        }
        asked.add(review);
        var answer = JsonNodeFactory.instance.objectNode();
        answer.set("status", status);
        return answer;
    }
}
