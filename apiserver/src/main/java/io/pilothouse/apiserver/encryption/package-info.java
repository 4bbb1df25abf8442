/** Encryption at rest, in upstream's envelopes, so that either server reads what the other wrote. */
@NullMarked
package io.pilothouse.apiserver.encryption;

import org.jspecify.annotations.NullMarked;
