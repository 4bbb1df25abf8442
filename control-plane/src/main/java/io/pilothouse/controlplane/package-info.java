/** The EKS API and the reconcilers behind it. */
@NullMarked
package io.pilothouse.controlplane;

import org.jspecify.annotations.NullMarked;
