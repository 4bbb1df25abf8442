package io.pilothouse.apiserver.fairness;

import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import java.time.Duration;

/** Guesses what a request costs: a list by what it reads, a change by how many watches are told of it, all else one seat. */
public final class WorkEstimator {
    private static final long BYTES_A_SEAT = 100_000;

    /** A list is written as it is read: it never holds more than this. */
    private static final long LIST_BYTES = 1_000_000;

    private static final int MOST_LIST_SEATS = 100;
    private static final int MOST_CHANGE_SEATS = 10;
    private static final int WATCHES_A_SEAT = 10;
    private static final Duration EVENT = Duration.ofMillis(5);

    /** How many objects a resource has in a namespace, and how large they are. */
    @FunctionalInterface
    public interface Sizes {
        Size of(RequestInfo info);
    }

    /** Objects of a resource. */
    public record Size(long objects, long averageBytes) {
        public static final Size UNKNOWN = new Size(0, 0);
    }

    private final Sizes sizes;
    private final WatchCounts watches;

    public WorkEstimator(Sizes sizes, WatchCounts watches) {
        this.sizes = sizes;
        this.watches = watches;
    }

    /** @param mostSeats that the level gives to one request */
    WorkEstimate estimate(RequestInfo info, Query query, int mostSeats) {
        if (!info.isResource()) {
            return WorkEstimate.ONE;
        }
        return switch (info.verb()) {
            case "list" -> list(info, query, mostSeats);
            case "watch" -> readsAll(query) ? list(info, query, mostSeats) : WorkEstimate.ONE;
            case "create", "update", "patch", "delete" -> change(info, mostSeats);
            default -> WorkEstimate.ONE;
        };
    }

    private static boolean readsAll(Query query) {
        String version = query.first("resourceVersion");
        return query.first("sendInitialEvents").equals("true") || version.isEmpty() || version.equals("0");
    }

    private WorkEstimate list(RequestInfo info, Query query, int mostSeats) {
        var size = sizes.of(info);
        long objects = info.name().isEmpty() ? limited(size.objects(), query.first("limit")) : 1;
        long bytes = Math.min(LIST_BYTES, objects * size.averageBytes());
        long seats = (bytes + BYTES_A_SEAT - 1) / BYTES_A_SEAT;
        int most = Math.min(MOST_LIST_SEATS, mostSeats);
        return seats <= 1 ? WorkEstimate.ONE : new WorkEstimate((int) Math.min(seats, most), 0, 0);
    }

    private static long limited(long objects, String limit) {
        try {
            long asked = limit.isEmpty() ? 0 : Long.parseLong(limit);
            return asked > 0 ? Math.min(asked, objects) : objects;
        } catch (NumberFormatException refusedLater) {
            return objects;
        }
    }

    private WorkEstimate change(RequestInfo info, int mostSeats) {
        int told = info.subresource().equals("token") ? 0 : watches.interestedIn(info);
        if (told < WATCHES_A_SEAT) {
            return WorkEstimate.ONE;
        }
        int wanted = (told + WATCHES_A_SEAT - 1) / WATCHES_A_SEAT;
        int seats = Math.min(wanted, Math.min(MOST_CHANGE_SEATS, mostSeats));
        // Narrower and longer, but as much work.
        return new WorkEstimate(1, seats, EVENT.toNanos() * wanted / seats);
    }
}
