/** The resources of admissionregistration.k8s.io: what else is asked about writes. */
@NullMarked
package io.pilothouse.apiserver.kinds.admissionregistration;

import org.jspecify.annotations.NullMarked;
