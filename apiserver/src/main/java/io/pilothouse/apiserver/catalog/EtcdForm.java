package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.function.UnaryOperator;

/**
 * The version in which JSON lies in etcd, where upstream stores a version that is not served.
 *
 * @param toEtcd from the storage version of the catalogue; may change its argument
 * @param fromEtcd the way back; may change its argument
 */
public record EtcdForm(GroupVersionKind kind, UnaryOperator<ObjectNode> toEtcd, UnaryOperator<ObjectNode> fromEtcd) {}
