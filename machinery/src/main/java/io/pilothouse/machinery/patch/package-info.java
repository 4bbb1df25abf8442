/** The patches of PATCH requests: JSON patch, merge patch, strategic merge patch. */
@NullMarked
package io.pilothouse.machinery.patch;

import org.jspecify.annotations.NullMarked;
