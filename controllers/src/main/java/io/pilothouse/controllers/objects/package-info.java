/** Selectors, owners and hashes of objects. */
@NullMarked
package io.pilothouse.controllers.objects;

import org.jspecify.annotations.NullMarked;
