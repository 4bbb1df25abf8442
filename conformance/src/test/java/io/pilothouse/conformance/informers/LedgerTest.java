package io.pilothouse.conformance.informers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** That the churn test would find what it looks for. */
class LedgerTest {
    private final Findings findings = new Findings();
    private final Ledger ledger = new Ledger("informer", findings);

    private void happened(Change.Type type, String key, long revision) {
        ledger.expect(new Change(type, key, revision));
    }

    private void told(Change.Type type, String key, long revision) {
        ledger.see(new Change(type, key, revision));
    }

    private List<String> close() {
        ledger.close(false);
        return findings.all();
    }

    private void history() {
        happened(Change.Type.ADDED, "a", 1);
        happened(Change.Type.MODIFIED, "a", 2);
        happened(Change.Type.ADDED, "b", 3);
        happened(Change.Type.DELETED, "b", 4);
        happened(Change.Type.MODIFIED, "a", 5);
        happened(Change.Type.ADDED, "b", 6);
        happened(Change.Type.DELETED, "a", 7);
    }

    @Test
    void takesAListInTheMidstOfIt() {
        told(Change.Type.ADDED, "a", 2);
        history();
        told(Change.Type.MODIFIED, "a", 5);
        told(Change.Type.ADDED, "b", 6);
        assertThat(ledger.open()).isEqualTo(1);
        told(Change.Type.DELETED, "a", 5);
        assertThat(ledger.open()).isZero();
        assertThat(close()).isEmpty();
    }

    @Test
    void takesAListAfterAllOfIt() {
        history();
        told(Change.Type.ADDED, "b", 6);
        assertThat(ledger.open()).isZero();
        assertThat(close()).isEmpty();
    }

    @Test
    void findsALostEvent() {
        history();
        told(Change.Type.ADDED, "a", 1);
        told(Change.Type.MODIFIED, "a", 5);
        assertThat(close()).isNotEmpty();
    }

    @Test
    void findsALostEventThatAListCouldHide() {
        history();
        told(Change.Type.ADDED, "a", 1);
        told(Change.Type.MODIFIED, "a", 2);
        told(Change.Type.MODIFIED, "a", 5);
        told(Change.Type.DELETED, "a", 5);
        // b's first life is told of nowhere: then the list was at 4 at least, and a's changes would be in it.
        told(Change.Type.ADDED, "b", 6);
        assertThat(close()).singleElement().asString().contains("not older than 4");
    }

    @Test
    void findsALostDeletion() {
        history();
        told(Change.Type.ADDED, "a", 5);
        told(Change.Type.ADDED, "b", 6);
        assertThat(close()).singleElement().asString().contains("left of a");
    }

    @Test
    void findsADoubledEvent() {
        history();
        told(Change.Type.ADDED, "a", 5);
        told(Change.Type.MODIFIED, "a", 5);
        assertThat(close()).isNotEmpty();
    }

    @Test
    void findsAnAdditionOfWhatIsThere() {
        history();
        told(Change.Type.ADDED, "a", 2);
        told(Change.Type.ADDED, "a", 5);
        assertThat(close()).isNotEmpty();
    }

    @Test
    void findsWhatNeverHappened() {
        history();
        told(Change.Type.ADDED, "b", 6);
        told(Change.Type.ADDED, "c", 8);
        assertThat(close()).singleElement().asString().contains("left of c");
    }
}
