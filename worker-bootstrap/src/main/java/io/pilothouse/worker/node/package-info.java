/** The node's presence in the cluster: registration, heart-beat, certificate. */
@NullMarked
package io.pilothouse.worker.node;

import org.jspecify.annotations.NullMarked;
