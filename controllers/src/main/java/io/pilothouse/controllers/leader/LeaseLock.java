package io.pilothouse.controllers.leader;

import java.util.Optional;

/** Where the record of the leader is kept. Writes are refused when somebody else wrote since the version that they replace. */
interface LeaseLock {
    /** A record and the version it has in the store. */
    record Stored(LeaderRecord record, String version) {}

    /** The record, if there is one. */
    Optional<Stored> get();

    /** Makes the record; empty when somebody else did. */
    Optional<Stored> create(LeaderRecord record);

    /** Replaces the record that has this version; empty when it no longer has. */
    Optional<Stored> update(LeaderRecord record, String version);
}
