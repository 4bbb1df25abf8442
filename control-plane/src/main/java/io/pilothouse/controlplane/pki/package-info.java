/** A cluster's authorities, certificates and keys. */
@NullMarked
package io.pilothouse.controlplane.pki;

import org.jspecify.annotations.NullMarked;
