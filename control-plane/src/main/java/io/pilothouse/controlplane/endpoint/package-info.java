/** The balancer before a cluster's masters. */
@NullMarked
package io.pilothouse.controlplane.endpoint;

import org.jspecify.annotations.NullMarked;
