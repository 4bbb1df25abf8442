/** Pods that wait for a node. */
@NullMarked
package io.pilothouse.scheduler.queue;

import org.jspecify.annotations.NullMarked;
