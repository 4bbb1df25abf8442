/** The life of nodes: silence, taints, eviction. */
@NullMarked
package io.pilothouse.controllers.node;

import org.jspecify.annotations.NullMarked;
