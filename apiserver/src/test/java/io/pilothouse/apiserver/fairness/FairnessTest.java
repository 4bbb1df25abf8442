package io.pilothouse.apiserver.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FairnessTest {
    private static final Query NO_QUERY = Query.parse("");
    private static final RequestInfo GET = RequestInfo.parse("GET", "/api/v1/namespaces/a/pods/p", NO_QUERY);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Fairness fairness = new Fairness(
            10,
            Duration.ofMillis(10),
            new WorkEstimator(info -> WorkEstimator.Size.UNKNOWN, new WatchCounts()),
            new FairnessMetrics(new Metrics()),
            System::nanoTime,
            timer);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void theFirstSchemaInOrderDecidesAndWhatMatchesNoneIsCaughtByTheLast() throws Exception {
        fairness.digest(
                List.of(level("narrow", 10, 0), level("wide", 30, 0)),
                List.of(schema("b", 200, "wide", "system:authenticated"), schema("a", 100, "narrow", "devs")));

        assertThat(admit("devs", "system:authenticated").levelUid()).isEqualTo("uid-narrow");
        assertThat(admit("system:authenticated").levelUid()).isEqualTo("uid-wide");
        assertThat(admit("others").levelUid()).isEmpty();
    }

    @Test
    void aSchemaWhoseLevelIsMissingIsPassedOver() throws Exception {
        fairness.digest(
                List.of(level("wide", 30, 0)),
                List.of(schema("a", 100, "gone", "devs"), schema("b", 200, "wide", "devs")));

        assertThat(admit("devs").schemaUid()).isEqualTo("uid-b");
    }

    @Test
    void seatsAreSharedByShares() throws Exception {
        fairness.digest(List.of(level("l", 5, 0)), List.of(schema("a", 100, "l", "devs")));
        // Five of ten shares are the level's; nothing is lent to it before others are seen to be idle.
        assertThat(fairness.levels().get("l").limits().nominal()).isEqualTo(5);
        assertThat(fairness.levels().get("catch-all").limits().nominal()).isEqualTo(5);
    }

    @Test
    void whatFindsNoSeatIsTurnedAwayAndSuperusersNeverAre() throws Exception {
        fairness.digest(List.of(level("l", 5, 0)), List.of(schema("a", 100, "l", "devs")));
        int seats = fairness.levels().get("l").limits().current();
        for (int i = 0; i < seats; i++) {
            admit("devs");
        }

        assertThatThrownBy(() -> admit("devs")).isInstanceOfSatisfying(OverloadedException.class, e -> {
            assertThat(e.retryAfterSeconds()).isOne();
            assertThat(e.seat().levelUid()).isEqualTo("uid-l");
        });
        for (int i = 0; i < 100; i++) {
            admit(UserInfo.SUPERUSERS);
        }
    }

    @Test
    void anUnwantedLevelStaysUntilItsRequestsHaveEnded() throws Exception {
        fairness.digest(List.of(level("l", 5, 0)), List.of(schema("a", 100, "l", "devs")));
        var seat = admit("devs");

        fairness.digest(List.of(), List.of());
        assertThat(fairness.levels()).containsKey("l");
        assertThat(fairness.hasUnwanted()).isTrue();

        seat.close();
        fairness.digest(List.of(), List.of());
        assertThat(fairness.levels()).doesNotContainKey("l");
    }

    private Seat admit(String... groups) throws Exception {
        return fairness.admit(UserInfo.of("u", groups), GET, NO_QUERY, action -> {});
    }

    private static LevelSpec level(String name, int shares, int queues) {
        return new LevelSpec(name, "uid-" + name, false, shares, 0, 0, queues, 1, 50);
    }

    private static FlowSchema schema(String name, int precedence, String level, String group) {
        var all = List.of("*");
        return new FlowSchema(
                name,
                "uid-" + name,
                precedence,
                level,
                FlowSchema.Distinguisher.USER,
                List.of(new FlowSchema.Rule(
                        List.of(new FlowSchema.Subject("Group", "", group)),
                        List.of(new FlowSchema.ResourceRule(all, all, all, true, all)),
                        List.of())));
    }
}
