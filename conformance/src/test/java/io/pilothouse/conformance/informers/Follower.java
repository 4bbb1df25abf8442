package io.pilothouse.conformance.informers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/** An informer and what it must tell: the changes of its selection, into and out of which objects come and go. */
final class Follower {
    private final Selection selection;
    private final Ledger ledger;
    private final Set<String> selected = new HashSet<>();
    private final LongSupplier position;

    /** @param position up to which revision the informer knows; 0 before its list */
    Follower(Selection selection, Ledger ledger, LongSupplier position) {
        this.selection = selection;
        this.ledger = ledger;
        this.position = position;
    }

    Selection selection() {
        return selection;
    }

    Ledger ledger() {
        return ledger;
    }

    long position() {
        return position.getAsLong();
    }

    /** Takes an object that is there before anything happens. */
    void begin(String key, long revision, JsonNode object) {
        if (selection.selects(object)) {
            selected.add(key);
            // No watch would tell of it as an addition: see Ledger.
            ledger.expect(new Change(Change.Type.MODIFIED, key, revision));
        }
    }

    /** Takes what happened to an object of the kind, in order. */
    void expect(Change change, JsonNode object) {
        boolean is = change.type() != Change.Type.DELETED && selection.selects(object);
        boolean was = is ? !selected.add(change.key()) : selected.remove(change.key());
        if (is || was) {
            var type = !is ? Change.Type.DELETED : was ? Change.Type.MODIFIED : Change.Type.ADDED;
            ledger.expect(new Change(type, change.key(), change.revision()));
        }
    }
}
