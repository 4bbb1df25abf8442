/** The Status object and the errors that become one. */
@NullMarked
package io.pilothouse.machinery.status;

import org.jspecify.annotations.NullMarked;
