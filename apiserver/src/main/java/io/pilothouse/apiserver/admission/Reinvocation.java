package io.pilothouse.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is to see an object again because it was changed after they saw it. There are two passes at the most: in the second the plain plugins
 * run again, and of webhooks and policies those that asked for it. For one request.
 */
public final class Reinvocation {
    private final Map<String, Seen> plugins = new HashMap<>();
    private boolean second;
    private boolean wanted;

    /** What one plugin's webhooks or policies have seen. */
    private static final class Seen {
        private final Set<String> candidates = new HashSet<>();
        private final Set<String> due = new HashSet<>();
        private @Nullable ObjectNode output;

        void require() {
            due.addAll(candidates);
            candidates.clear();
        }
    }

    private Seen of(String plugin) {
        return plugins.computeIfAbsent(plugin, p -> new Seen());
    }

    /** Whether this is the second pass. */
    public boolean isSecond() {
        return second;
    }

    /** Starts the second pass, if there is to be one. */
    boolean begin() {
        second = wanted;
        return wanted;
    }

    /** Whether one of a plugin's members is to run in this pass. */
    public boolean isDue(String plugin, String member) {
        return !second || of(plugin).due.contains(member);
    }

    /** Notes that a member is to run again if somebody changes the object after it. */
    public void addCandidate(String plugin, String member) {
        of(plugin).candidates.add(member);
    }

    /** Notes that a member changed the object. */
    public void changed(String plugin) {
        of(plugin).require();
        wanted = true;
    }

    /** Called when a plugin's pass begins. */
    public void enter(String plugin, @Nullable ObjectNode object) {
        var seen = of(plugin);
        if (second && object != null && !object.equals(seen.output)) {
            seen.require();
        }
    }

    /** Called when a plugin's pass ends. */
    public void leave(String plugin, @Nullable ObjectNode object) {
        of(plugin).output = object == null ? null : object.deepCopy();
    }
}
