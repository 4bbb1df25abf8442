/** The resources of apiregistration.k8s.io. */
@NullMarked
package io.pilothouse.apiserver.kinds.apiregistration;

import org.jspecify.annotations.NullMarked;
