package io.pilothouse.conformance.informers;

import java.util.ArrayList;
import java.util.List;

/** What was seen that must not be: the first of it in words. */
final class Findings {
    private static final int TOLD = 30;
    private final List<String> told = new ArrayList<>();
    private int more;

    synchronized void add(String who, String what) {
        if (told.size() < TOLD) {
            told.add(who + ": " + what);
        } else {
            more++;
        }
    }

    synchronized List<String> all() {
        var all = new ArrayList<>(told);
        if (more > 0) {
            all.add("and " + more + " more");
        }
        return all;
    }
}
