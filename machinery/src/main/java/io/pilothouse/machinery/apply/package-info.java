/** Server-side apply: which manager owns which field, and merging what managers apply. */
@NullMarked
package io.pilothouse.machinery.apply;

import org.jspecify.annotations.NullMarked;
