/** Mutating and validating webhooks, as configurations of admissionregistration.k8s.io name them. */
@NullMarked
package io.pilothouse.apiserver.admission.webhooks;

import org.jspecify.annotations.NullMarked;
