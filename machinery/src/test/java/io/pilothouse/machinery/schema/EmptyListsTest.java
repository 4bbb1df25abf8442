package io.pilothouse.machinery.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.TypedReader;
import org.junit.jupiter.api.Test;

class EmptyListsTest {
    private final BuiltInTypes types = BuiltInTypes.load();

    @Test
    void anEmptyListIsThereUntilItIsStored() {
        var type = types.named("io.k8s.api.rbac.v1.Role");
        var role = TypedReader.read(Json.tree("{\"metadata\":{\"name\":\"r\"},\"rules\":[]}"), type);
        assertThat(Json.text(role)).contains("\"rules\":[]");
        EmptyLists.of(type).clear(role);
        assertThat(Json.text(role)).contains("\"rules\":null");
    }

    @Test
    void listsDeepWithinAreClearedToo() {
        var type = types.named("io.k8s.api.apps.v1.Deployment");
        var deployment = TypedReader.read(
                Json.tree("{\"spec\":{\"template\":{\"spec\":{\"containers\":[],\"affinity\":{\"nodeAffinity\":{"
                        + "\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":[]}}}}}}}"),
                type);
        EmptyLists.of(type).clear(deployment);
        assertThat(Json.text(deployment)).contains("\"containers\":null").contains("\"nodeSelectorTerms\":null");
    }

    @Test
    void listsThatGoLeavesOutWhenEmptyAreGoneAtOnce() {
        var type = types.named("io.k8s.api.core.v1.Pod");
        var pod = TypedReader.read(Json.tree("{\"spec\":{\"containers\":[{\"name\":\"c\",\"args\":[]}]}}"), type);
        assertThat(Json.text(pod)).doesNotContain("args");
    }
}
