package io.pilothouse.storage;

import java.util.List;

/** Takes a watch's events: one call at a time, in order. May block: etcd then holds back. */
public interface WatchListener {
    /** Whole revisions: no later call has an event of {@code upToRevision} or before. None is lost, doubled or reordered. */
    void onEvents(List<WatchEvent> events, long upToRevision);

    /** The revision to go on from was compacted away; the watch is over. */
    void onCompacted(long compactRevision);
}
