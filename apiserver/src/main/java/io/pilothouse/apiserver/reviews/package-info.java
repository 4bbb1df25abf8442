/** Questions that are answered and not kept: who am I, may I, whose token is this; and tokens of service accounts. */
@NullMarked
package io.pilothouse.apiserver.reviews;

import org.jspecify.annotations.NullMarked;
