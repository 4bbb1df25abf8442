/** Informers of real clients that follow a server under churn: no event is lost, doubled or out of order, and no list is asked for twice. */
@NullMarked
package io.pilothouse.conformance.informers;

import org.jspecify.annotations.NullMarked;
