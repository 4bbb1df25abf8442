/** Signature Version 4: parsing and verification. */
@NullMarked
package io.pilothouse.cloud.sigv4;

import org.jspecify.annotations.NullMarked;
