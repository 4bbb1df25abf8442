/** The resources of node.k8s.io. */
@NullMarked
package io.pilothouse.apiserver.kinds.node;

import org.jspecify.annotations.NullMarked;
