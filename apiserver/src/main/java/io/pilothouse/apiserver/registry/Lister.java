package io.pilothouse.apiserver.registry;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.request.GoNumbers;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads objects and lists, as of the revision that the client asks for. Safe for use by many threads. */
public final class Lister {
    private final ObjectCache cache;

    public Lister(ObjectCache cache) {
        this.cache = cache;
    }

    /**
     * A page of a list.
     *
     * @param remaining how many follow, or null where that is not known
     */
    public record Page(
            List<StoredObject> items,
            long revision,
            String continueToken,
            @Nullable Long remaining) {}

    /**
     * One object.
     *
     * @param resourceVersion empty: as of now; 0: as the cache has it; else not older than that
     */
    public StoredObject get(ResourceDefinition definition, String namespace, String name, String resourceVersion) {
        var snapshot = resourceVersion.isEmpty() ? cache.consistent() : notOlderThan(parse(resourceVersion, true));
        return snapshot.get(definition.key(namespace, name))
                .orElseThrow(() -> StatusException.notFound(definition.groupResource(), name));
    }

    public Page list(ResourceDefinition definition, String namespace, ListOptions options) {
        if (!options.continueToken().isEmpty()) {
            return resume(definition, namespace, options);
        }
        var snapshot = snapshotFor(definition, namespace, options);
        boolean limited = options.limit() > 0
                && (options.resourceVersion().isEmpty() || options.match().equals("Exact") || limitMeansExact(options));
        return page(definition, namespace, options, snapshot, "", limited ? options.limit() : 0);
    }

    private static boolean limitMeansExact(ListOptions options) {
        return options.match().isEmpty() && !options.resourceVersion().equals("0");
    }

    private ObjectCache.Snapshot snapshotFor(ResourceDefinition definition, String namespace, ListOptions options) {
        String version = options.resourceVersion();
        if (version.isEmpty()) {
            return cache.consistent();
        }
        long revision = parse(version, false);
        if (options.match().equals("Exact") || (options.limit() > 0 && limitMeansExact(options))) {
            return exactly(definition, namespace, revision);
        }
        return notOlderThan(revision);
    }

    private Page resume(ResourceDefinition definition, String namespace, ListOptions options) {
        if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals("0")) {
            throw StatusException.badRequest("specifying resource version is not allowed when using continue");
        }
        var token = ContinueToken.parse(options.continueToken());
        String start = definition.namespaceKey(namespace) + token.start();
        ObjectCache.Snapshot snapshot;
        if (token.revision() < 0) {
            snapshot = cache.consistent();
        } else {
            try {
                snapshot = exactly(definition, namespace, token.revision());
            } catch (StatusException e) {
                throw e.code() == 410 ? Refusals.continueExpired(token) : e;
            }
        }
        return page(definition, namespace, options, snapshot, start, options.limit());
    }

    private ObjectCache.Snapshot exactly(ResourceDefinition definition, String namespace, long revision) {
        return cache.at(revision, definition.namespaceKey(namespace));
    }

    private ObjectCache.Snapshot notOlderThan(long revision) {
        return cache.notOlderThan(revision);
    }

    private static Page page(
            ResourceDefinition definition,
            String namespace,
            ListOptions options,
            ObjectCache.Snapshot snapshot,
            String start,
            long limit) {
        String prefix = definition.namespaceKey(namespace);
        var items = new ArrayList<StoredObject>();
        var next = new String[1];
        var remaining = new long[1];
        boolean all = options.selectsAll();
        // One object is not looked for among all: its key is known, and what else begins so is passed over.
        String within = start.isEmpty() ? options.onlyKey(definition, namespace).orElse(prefix) : prefix;
        snapshot.narrowed(definition, options).scan(within, start.isEmpty() ? within : start, (key, object) -> {
            if (limit > 0 && items.size() >= limit) {
                if (all || options.selects(object, definition)) {
                    next[0] = key.substring(prefix.length());
                    remaining[0] = all ? snapshot.count(prefix, key) : 0;
                }
                return next[0] == null;
            }
            if (all || options.selects(object, definition)) {
                items.add(object);
            }
            return true;
        });
        if (next[0] == null) {
            return new Page(items, snapshot.revision(), "", null);
        }
        String token = new ContinueToken(snapshot.revision(), next[0]).encode();
        return new Page(items, snapshot.revision(), token, all ? Long.valueOf(remaining[0]) : null);
    }

    /** The objects of a list as of now, for those who change or delete them. */
    public List<StoredObject> consistentList(ResourceDefinition definition, String namespace) {
        var out = new ArrayList<StoredObject>();
        cache.consistent().forEach(definition.namespaceKey(namespace), out::add);
        return out;
    }

    /** The object as the cache has it now. */
    public Optional<StoredObject> peek(ResourceDefinition definition, String namespace, String name) {
        return cache.current().get(definition.key(namespace, name));
    }

    static long parse(String version, boolean single) {
        try {
            return Long.parseUnsignedLong(version);
        } catch (NumberFormatException e) {
            String why = "resourceVersion: Invalid value: \"" + version + "\": " + GoNumbers.parseUintError(version);
            throw single ? Refusals.fault(why) : StatusException.badRequest("invalid resource version: " + why);
        }
    }
}
