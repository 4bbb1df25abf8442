/** Validating and mutating admission policies and their bindings (admissionregistration.k8s.io). */
@NullMarked
package io.pilothouse.apiserver.admission.policy;

import org.jspecify.annotations.NullMarked;
