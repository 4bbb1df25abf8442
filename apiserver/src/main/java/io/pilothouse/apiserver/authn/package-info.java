/** Who is asking. */
@NullMarked
package io.pilothouse.apiserver.authn;

import org.jspecify.annotations.NullMarked;
