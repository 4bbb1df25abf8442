/** Replica sets. */
@NullMarked
package io.pilothouse.controllers.replicaset;

import org.jspecify.annotations.NullMarked;
