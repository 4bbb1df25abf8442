/**
 * Pods' specs, for pods and for all that carries a template of them: defaults, what must hold (a class for each concern, in the order
 * of upstream's checks), what may change, what clients are warned of, and what is dropped because its feature is off.
 */
@NullMarked
package io.pilothouse.apiserver.kinds.pod;

import org.jspecify.annotations.NullMarked;
