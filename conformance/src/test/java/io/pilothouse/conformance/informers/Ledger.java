package io.pilothouse.conformance.informers;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds what an informer tells its handlers against what it must tell. Both come as they may, one ahead of the other, and are struck off in pairs, object by object,
 * so that hours of it fit in memory.
 *
 * <p>An informer begins with a list of a revision that it keeps to itself: of what happened until then it tells only the outcome, as additions. Every object narrows
 * down which revision that can have been. Where none is left, something was lost.
 */
final class Ledger {
    private static final class Book {
        final ArrayDeque<Change> expected = new ArrayDeque<>();
        final ArrayDeque<Change> seen = new ArrayDeque<>();
        boolean begun;
    }

    private final String name;
    private final Findings findings;
    private final Map<String, Book> books = new HashMap<>();
    private long listedAtLeast;
    private long listedBefore = Long.MAX_VALUE;
    private long events;

    Ledger(String name, Findings findings) {
        this.name = name;
        this.findings = findings;
    }

    String name() {
        return name;
    }

    synchronized void expect(Change change) {
        var book = books.computeIfAbsent(change.key(), key -> new Book());
        book.expected.add(change);
        strike(book);
    }

    synchronized void see(Change change) {
        events++;
        var book = books.computeIfAbsent(change.key(), key -> new Book());
        book.seen.add(change);
        strike(book);
    }

    private void strike(Book book) {
        while (!book.expected.isEmpty() && !book.seen.isEmpty()) {
            var expected = book.expected.remove();
            if (!book.begun) {
                var seen = book.seen.element();
                if (expected.revision() < seen.revision()) {
                    listedAtLeast = Math.max(listedAtLeast, expected.revision());
                    continue;
                }
                book.begun = true;
                begin(expected, book.seen.remove());
            } else {
                var seen = book.seen.remove();
                listedBefore = Math.min(listedBefore, expected.revision());
                // What a deletion shows is the client's own choice: the object as it was, or as it went.
                boolean same = expected.type() == Change.Type.DELETED
                        ? seen.type() == Change.Type.DELETED
                        : expected.equals(seen);
                if (!same) {
                    findings.add(name, "told of " + seen + " where " + expected + " was to be told of");
                }
            }
        }
    }

    private void begin(Change expected, Change seen) {
        if (seen.type() != Change.Type.ADDED
                || expected.type() == Change.Type.DELETED
                || expected.revision() != seen.revision()) {
            findings.add(name, "began with " + seen + " where " + expected + " was next");
        }
        if (expected.type() != Change.Type.ADDED) {
            listedAtLeast = Math.max(listedAtLeast, expected.revision());
        }
    }

    /** How many events the informer has told of. */
    synchronized long events() {
        return events;
    }

    /** How many objects have something left that only one side knows. */
    synchronized long open() {
        return books.values().stream().filter(Ledger::isOpen).count();
    }

    private static boolean isOpen(Book book) {
        // What came and went before the list was never the informer's to tell.
        boolean gone = !book.begun
                && !book.expected.isEmpty()
                && book.expected.getLast().type() == Change.Type.DELETED;
        return !book.seen.isEmpty() || (!book.expected.isEmpty() && !gone);
    }

    /**
     * To be called when nothing more is written.
     *
     * @param settled nothing was open since; the server's own writes go on, and may just be under way
     */
    synchronized void close(boolean settled) {
        books.forEach((key, book) -> {
            if (settled && isOpen(book)) {
                return;
            }
            if (isOpen(book)) {
                findings.add(name, "left of " + key + ": expected " + book.expected + ", told of " + book.seen);
            } else if (!book.expected.isEmpty()) {
                listedAtLeast = Math.max(listedAtLeast, book.expected.getLast().revision());
            }
        });
        if (listedAtLeast >= listedBefore) {
            findings.add(
                    name,
                    "its list was not older than " + listedAtLeast + ", but it told of a change at " + listedBefore);
        }
    }
}
