/** Label and field selectors. */
@NullMarked
package io.pilothouse.machinery.selector;

import org.jspecify.annotations.NullMarked;
