package io.pilothouse.apiserver.fairness;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The tables of {@code /debug/api_priority_and_fairness/}: levels, queues and the requests that wait in them. */
public final class FairnessDump {
    private static final int NARROWEST = 8;

    private final Fairness fairness;

    public FairnessDump(Fairness fairness) {
        this.fairness = fairness;
    }

    /** {@code dump_priority_levels}. */
    public String levels() {
        var table = new Table(
                "PriorityLevelName",
                "ActiveQueues",
                "IsIdle",
                "IsQuiescing",
                "WaitingRequests",
                "ExecutingRequests",
                "DispatchedRequests",
                "RejectedRequests",
                "TimedoutRequests",
                "CancelledRequests");
        byName().forEach((name, level) -> {
            var state = level.queues().state();
            var counts = level.queues().counts();
            table.row(
                    name,
                    state.activeQueues(),
                    level.isIdle(),
                    !level.wanted(),
                    state.waiting(),
                    state.executing(),
                    counts.dispatched(),
                    counts.rejected(),
                    counts.timedOut(),
                    counts.cancelled());
        });
        return table.toString();
    }

    /** {@code dump_queues}. */
    public String queues() {
        var table = new Table(
                "PriorityLevelName",
                "Index",
                "PendingRequests",
                "ExecutingRequests",
                "SeatsInUse",
                "NextDispatchR",
                "InitialSeatsSum",
                "MaxSeatsSum",
                "TotalWorkSum");
        byName().forEach((name, level) -> level.queues()
                .queueStates()
                .forEach(q -> table.row(
                        name,
                        q.index(),
                        q.waiting(),
                        q.executing(),
                        q.seatsInUse(),
                        seatSeconds(q.nextDispatch()),
                        q.initialSeats(),
                        q.mostSeats(),
                        seatSeconds(q.work()))));
        return table.toString();
    }

    /** {@code dump_requests}. */
    public String requests() {
        var table = new Table(
                "PriorityLevelName",
                "FlowSchemaName",
                "QueueIndex",
                "RequestIndexInQueue",
                "FlowDistingsher",
                "ArriveTime",
                "InitialSeats",
                "FinalSeats",
                "AdditionalLatency",
                "StartTime");
        byName().forEach((name, level) -> {
            for (var queue : level.queues().queueStates()) {
                int index = 0;
                for (var entry : level.queues().waitingIn(queue.index())) {
                    table.row(
                            name,
                            entry.schema,
                            queue.index(),
                            index++,
                            entry.flow,
                            Instant.ofEpochMilli(entry.arrivedMillis),
                            entry.work().seats(),
                            entry.work().finalSeats(),
                            entry.work().finalNanos() / 1e9 + "s",
                            "0001-01-01T00:00:00Z");
                }
            }
        });
        return table.toString();
    }

    private static String seatSeconds(double value) {
        return String.format(Locale.ROOT, "%.8fss", value);
    }

    private Map<String, Level> byName() {
        return new TreeMap<>(fairness.levels());
    }

    /** Text in columns, as Go's tabwriter lays it out. */
    private static final class Table {
        private final List<String[]> rows = new ArrayList<>();

        Table(String... headers) {
            rows.add(headers);
        }

        void row(Object... cells) {
            rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
        }

        @Override
        public String toString() {
            var out = new StringBuilder();
            int columns = rows.getFirst().length;
            int[] widths = new int[columns];
            for (int i = 0; i < columns; i++) {
                int column = i;
                // A comma and one blank.
                widths[i] = Math.max(
                        NARROWEST,
                        rows.stream().mapToInt(r -> r[column].length()).max().orElse(0) + 2);
            }
            for (var row : rows) {
                for (int i = 0; i < columns - 1; i++) {
                    String cell = row[i] + ",";
                    out.append(cell).append(" ".repeat(widths[i] - cell.length()));
                }
                out.append(row[columns - 1]).append('\n');
            }
            return out.toString();
        }
    }
}
