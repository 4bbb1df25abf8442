package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;

/**
 * Where a kind keeps the parts of its Scale.
 *
 * @param specReplicas path of the wanted count, as {@code spec.replicas}
 * @param statusReplicas path of the seen count
 * @param selector the selector of its pods in query form; empty where the kind has none
 */
public record ScaleMapping(String specReplicas, String statusReplicas, Function<ObjectNode, String> selector) {}
