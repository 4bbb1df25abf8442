/** Supervised processes that outlive their supervisor. */
@NullMarked
package io.pilothouse.controlplane.process;

import org.jspecify.annotations.NullMarked;
