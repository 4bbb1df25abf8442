package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;

/** A status subresource whose kind has rules of its own, on top of one of the usual views. */
public abstract class StatusRules implements ViewStrategy {
    private final StatusView view;

    protected StatusRules(StatusView view) {
        this.view = view;
    }

    @Override
    public final void restrict(ObjectNode object, ObjectNode old) {
        view.restrict(object, old);
    }
}
