/** The resources of certificates.k8s.io. */
@NullMarked
package io.pilothouse.apiserver.kinds.certificates;

import org.jspecify.annotations.NullMarked;
