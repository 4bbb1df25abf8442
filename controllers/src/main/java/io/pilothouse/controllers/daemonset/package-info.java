/** Daemon sets. */
@NullMarked
package io.pilothouse.controllers.daemonset;

import org.jspecify.annotations.NullMarked;
