/** Paths of fields and the errors found at them. */
@NullMarked
package io.pilothouse.machinery.field;

import org.jspecify.annotations.NullMarked;
