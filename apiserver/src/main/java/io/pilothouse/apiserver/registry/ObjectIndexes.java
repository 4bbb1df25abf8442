package io.pilothouse.apiserver.registry;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.selector.Operator;
import io.pilothouse.machinery.selector.Requirement;
import io.pilothouse.storage.CacheEntry;
import io.pilothouse.storage.CacheSnapshot;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.SnapshotIndex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The indexes that selectors have asked for: one for each label or field, of a resource. Safe for use by many threads. */
final class ObjectIndexes {
    /** More would be a client's that makes labels up; those that nobody asked for the longest go. */
    private static final int MOST = 64;
    /** So few are looked at one by one. */
    private static final int FEW = 20;

    private record Property(String prefix, String name) {}

    private record Term(Property property, String value, Function<StoredObject, Optional<String>> of) {}

    private static final class Recent extends LinkedHashMap<Property, SnapshotIndex<StoredObject>> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Property, SnapshotIndex<StoredObject>> eldest) {
            return size() > MOST;
        }
    }

    private final Recent recent = new Recent();

    /** A snapshot with all the objects of a resource that the options select and, where selectors name no value, others too. */
    CacheSnapshot<StoredObject> narrowed(
            CacheSnapshot<StoredObject> snapshot, ResourceDefinition definition, ListOptions options) {
        String prefix = definition.namespaceKey("");
        if (options.selectsAll() || snapshot.count(prefix, EtcdStore.prefixEnd(prefix)) <= FEW) {
            return snapshot;
        }
        var best = snapshot;
        int fewest = Integer.MAX_VALUE;
        for (var term : terms(prefix, definition, options)) {
            var found = index(term).narrowed(snapshot, term.value());
            int count = found.count(prefix, EtcdStore.prefixEnd(prefix));
            if (count < fewest) {
                best = found;
                fewest = count;
            }
        }
        return best;
    }

    private static List<Term> terms(String prefix, ResourceDefinition definition, ListOptions options) {
        var terms = new ArrayList<Term>();
        for (var requirement : options.labels().requirements()) {
            if (namesOneValue(requirement)) {
                String key = requirement.key();
                terms.add(new Term(
                        new Property(prefix, "label " + key),
                        requirement.values().getFirst(),
                        object -> Optional.ofNullable(object.labels().get(key))));
            }
        }
        options.indexedTerm(definition)
                .filter(term -> !term.field().startsWith("metadata."))
                .ifPresent(term -> terms.add(new Term(
                        new Property(prefix, "field " + term.field()),
                        term.value(),
                        object -> Optional.of(object.field(term.field())))));
        return terms;
    }

    private static boolean namesOneValue(Requirement requirement) {
        return requirement.values().size() == 1
                && (requirement.operator() == Operator.EQUALS
                        || requirement.operator() == Operator.DOUBLE_EQUALS
                        || requirement.operator() == Operator.IN);
    }

    private SnapshotIndex<StoredObject> index(Term term) {
        synchronized (recent) {
            return recent.computeIfAbsent(
                    term.property(), property -> new SnapshotIndex<>(property.prefix(), entry -> of(entry, term)));
        }
    }

    /** What can't be read is in no index; a scan passes it over too. */
    private static Optional<String> of(CacheEntry<StoredObject> entry, Term term) {
        var unreadable = entry.error();
        if (unreadable.isPresent()) {
            ObjectCache.warnOfUnreadable(entry.key(), unreadable.get());
            return Optional.empty();
        }
        return term.of().apply(entry.value());
    }
}
