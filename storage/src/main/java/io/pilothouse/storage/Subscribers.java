package io.pilothouse.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who watches what: by key prefix, then by index value, so that an event touches only those it concerns. */
final class Subscribers<E> {
    private static final class Place<E> {
        /** Walked for each event, by a thread that has none of it in its caches: an array is one row. */
        final Collection<Subscription<E>> all = new CopyOnWriteArrayList<>();

        final Map<String, Map<String, Collection<Subscription<E>>>> indexed = new ConcurrentHashMap<>();
    }

    private final String root;
    private final Map<String, Place<E>> places = new ConcurrentHashMap<>();

    Subscribers(String root) {
        this.root = root;
    }

    void add(Subscription<E> subscription) {
        places.compute(subscription.prefix(), (prefix, existing) -> {
            Place<E> place = existing == null ? new Place<>() : existing;
            set(place, subscription).add(subscription);
            return place;
        });
    }

    void remove(Subscription<E> subscription) {
        places.computeIfPresent(subscription.prefix(), (prefix, place) -> {
            IndexKey<E> index = subscription.index();
            set(place, subscription).remove(subscription);
            if (index != null) {
                place.indexed.computeIfPresent(index.name(), (name, byValue) -> {
                    byValue.computeIfPresent(index.value(), (value, set) -> set.isEmpty() ? null : set);
                    return byValue.isEmpty() ? null : byValue;
                });
            }
            return place.all.isEmpty() && place.indexed.isEmpty() ? null : place;
        });
    }

    private static <E> Collection<Subscription<E>> set(Place<E> place, Subscription<E> subscription) {
        IndexKey<E> index = subscription.index();
        return index == null
                ? place.all
                : place.indexed
                        .computeIfAbsent(index.name(), name -> new ConcurrentHashMap<>())
                        .computeIfAbsent(index.value(), value -> ConcurrentHashMap.newKeySet());
    }

    void dispatch(CacheEvent<E> event) {
        String key = event.key();
        at(root, event);
        for (int slash = key.indexOf('/', root.length()); slash >= 0; slash = key.indexOf('/', slash + 1)) {
            at(key.substring(0, slash + 1), event);
        }
        at(key, event);
    }

    private void at(String prefix, CacheEvent<E> event) {
        Place<E> place = places.get(prefix);
        if (place == null) {
            return;
        }
        place.all.forEach(subscription -> subscription.offer(event));
        for (Map<String, Collection<Subscription<E>>> byValue : place.indexed.values()) {
            Optional<IndexKey<E>> any = byValue.values().stream()
                    .flatMap(Collection::stream)
                    .findFirst()
                    .map(Subscription::index);
            if (any.isPresent()) {
                Optional<String> now = value(any.get(), Optional.of(event.entry()));
                Optional<String> before = value(any.get(), event.previous());
                now.ifPresent(value -> offer(byValue, value, event));
                before.filter(value -> !now.equals(Optional.of(value)))
                        .ifPresent(value -> offer(byValue, value, event));
            }
        }
    }

    private static <E> Optional<String> value(IndexKey<E> index, Optional<CacheEntry<E>> entry) {
        return entry.flatMap(index::valueOf);
    }

    private static <E> void offer(Map<String, Collection<Subscription<E>>> byValue, String value, CacheEvent<E> event) {
        Collection<Subscription<E>> concerned = byValue.get(value);
        if (concerned != null) {
            concerned.forEach(subscription -> subscription.offer(event));
        }
    }

    void endAll(Subscription.End why) {
        List<Subscription<E>> all = new ArrayList<>();
        for (Place<E> place : places.values()) {
            all.addAll(place.all);
            place.indexed.values().forEach(byValue -> byValue.values().forEach(all::addAll));
        }
        all.forEach(subscription -> subscription.end(why));
    }
}
