package io.pilothouse.controllers.workqueue;

/**
 * Brings what one key names to its desired state. Never sleeps: it returns when to come back. Never called for a key twice at once.
 *
 * @param <K> what names the work
 */
@FunctionalInterface
public interface Reconciler<K> {
    /**
     * Reconciles one key.
     *
     * @throws Exception for whatever is worth trying again, with a growing delay
     */
    Outcome reconcile(K key) throws Exception;
}
