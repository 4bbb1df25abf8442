package io.pilothouse.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeAuthorizerTest {
    private static final UserInfo NODE = UserInfo.of("system:node:a", "system:nodes");

    /** A cluster with one pod, bound to node a by now; the cache has not seen the binding yet. */
    private static final class FakeCluster implements ClusterView {
        private static ObjectNode pod(String node) {
            var pod = JsonNodeFactory.instance.objectNode();
            pod.putObject("spec").put("nodeName", node).put("serviceAccountName", "account");
            return pod;
        }

        @Override
        public Optional<ObjectNode> find(GroupResource resource, String namespace, String name) {
            return Optional.empty();
        }

        @Override
        public Optional<ObjectNode> findNow(GroupResource resource, String namespace, String name) {
            return Optional.empty();
        }

        @Override
        public List<ObjectNode> list(GroupResource resource, String namespace) {
            return List.of(pod(""));
        }

        @Override
        public List<ObjectNode> listNow(GroupResource resource, String namespace) {
            return List.of(pod("a"));
        }
    }

    private static Decision token(String account) {
        return new NodeAuthorizer(new FakeCluster(), List.of())
                .authorize(Attributes.resource(NODE, "create", "", "serviceaccounts", "token", "default", account));
    }

    @Test
    void looksAgainBeforeItRefusesWhatTheCacheDoesNotKnow() {
        assertThat(token("account").allowed()).isTrue();
    }

    @Test
    void refusesWhatNoPodOfTheNodeRefersTo() {
        assertThat(token("other").kind()).isEqualTo(Decision.Kind.NO_OPINION);
        assertThat(token("other").reason()).isEqualTo("no relationship found between node 'a' and this object");
    }
}
