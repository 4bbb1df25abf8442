package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.Pod;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.machinery.selector.LabelSelector;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Which autoscalers scale which pods, as far as it is known: two of them must not scale the same. Safe for many threads. */
final class SelectorOwners {
    private final Map<Key, LabelSelector> selectors = new ConcurrentHashMap<>();

    void put(Key autoscaler, LabelSelector selector) {
        selectors.put(autoscaler, selector);
    }

    void forget(Key autoscaler) {
        selectors.remove(autoscaler);
    }

    /** The autoscalers of any of these pods of a namespace. */
    List<Key> of(String namespace, List<Pod> pods) {
        return selectors.entrySet().stream()
                .filter(entry -> entry.getKey().namespace().equals(namespace)
                        && pods.stream().anyMatch(pod -> selects(entry.getValue(), pod)))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(Key::name))
                .toList();
    }

    static boolean selects(LabelSelector selector, Pod pod) {
        return selector.matches(Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of()));
    }

    /** As Go prints a list of them. */
    static String text(List<Key> autoscalers) {
        return autoscalers.stream()
                .map(key -> "{" + key.name() + " " + key.namespace() + "}")
                .collect(Collectors.joining(" ", "[", "]"));
    }
}
