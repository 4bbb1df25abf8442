/** Resource quantities in their three notations. */
@NullMarked
package io.pilothouse.machinery.quantity;

import org.jspecify.annotations.NullMarked;
