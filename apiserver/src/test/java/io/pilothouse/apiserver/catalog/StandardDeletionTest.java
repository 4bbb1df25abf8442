package io.pilothouse.apiserver.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeletionRule.Outcome;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StandardDeletionTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @Test
    void removesWhatNobodyHolds() {
        assertThat(delete(PLAIN, object(), options(null, null))).isEqualTo(Outcome.REMOVE);
    }

    @Test
    void marksForFinalizersAndKeepsTheirOrder() {
        var object = object("foregroundDeletion", "example.com/x");
        assertThat(delete(PLAIN, object, options(null, "Foreground"))).isEqualTo(Outcome.MARKED);
        assertThat(ObjectMeta.finalizers(object)).containsExactly("foregroundDeletion", "example.com/x");
        assertThat(ObjectMeta.deletionGracePeriodSeconds(object)).contains(0L);
        assertThat(delete(PLAIN, object, options(null, null))).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void announcesTheEndOfWhatEndsGracefully() {
        var object = object();
        assertThat(delete(GRACEFUL, object, options(0L, null))).isEqualTo(Outcome.MARK_AND_REMOVE);
        assertThat(ObjectMeta.deletionGracePeriodSeconds(object)).contains(0L);
    }

    @Test
    void onlyShortensThePeriod() {
        var object = object();
        assertThat(delete(GRACEFUL, object, options(null, null))).isEqualTo(Outcome.MARKED);
        assertThat(ObjectMeta.deletionTimestamp(object)).contains(NOW.plusSeconds(30));
        assertThat(delete(GRACEFUL, object, options(40L, "Orphan"))).isEqualTo(Outcome.UNCHANGED);
        assertThat(ObjectMeta.finalizers(object)).isEmpty();
        assertThat(delete(GRACEFUL, object, options(10L, null))).isEqualTo(Outcome.MARKED);
        assertThat(ObjectMeta.deletionTimestamp(object)).contains(NOW.plusSeconds(10));
        assertThat(delete(GRACEFUL, object, options(0L, null))).isEqualTo(Outcome.MARK_AND_REMOVE);
    }

    @Test
    void endsWithTheLastFinalizer() {
        var old = object("example.com/x");
        delete(PLAIN, old, options(null, null));
        assertThat(StandardDeletion.INSTANCE.endsWithUpdate(object(), old)).isTrue();
        assertThat(StandardDeletion.INSTANCE.endsWithUpdate(object(), object())).isFalse();
    }

    private static final ResourceDefinition PLAIN = definition(Strategy.NONE);
    private static final ResourceDefinition GRACEFUL = definition(new Strategy() {
        @Override
        public boolean deletesGracefully() {
            return true;
        }

        @Override
        public long gracePeriodSeconds(ObjectNode object, @Nullable Long requestedSeconds) {
            return requestedSeconds == null ? 30 : requestedSeconds;
        }
    });

    private static ResourceDefinition definition(Strategy strategy) {
        var kind = new GroupVersionKind("", "v1", "ConfigMap");
        var type = BuiltInTypes.load().type(kind).orElseThrow();
        return ResourceDefinition.of("", "configmaps", "configmap", "ConfigMap")
                .version(ServedVersion.same(kind, type))
                .strategy(strategy)
                .build();
    }

    private static Outcome delete(ResourceDefinition definition, ObjectNode object, DeleteOptions options) {
        var context = new WriteContext(UserInfo.of("u"), "n", "", false, NOW, new ClusterOf());
        return StandardDeletion.INSTANCE.apply(definition, object, options, context);
    }

    private static DeleteOptions options(@Nullable Long grace, @Nullable String propagation) {
        return new DeleteOptions(grace, propagation, null, null, null, false);
    }

    private static ObjectNode object(String... finalizers) {
        var object = JsonNodeFactory.instance.objectNode();
        ObjectMeta.setName(object, "a");
        ObjectMeta.setFinalizers(object, List.of(finalizers));
        return object;
    }
}
