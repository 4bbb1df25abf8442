/** Services' addresses on a node. */
@NullMarked
package io.pilothouse.worker.proxy;

import org.jspecify.annotations.NullMarked;
