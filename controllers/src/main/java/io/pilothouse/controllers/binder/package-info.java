/** Which volume a claim gets, and what becomes of a volume that its claim leaves. */
@NullMarked
package io.pilothouse.controllers.binder;

import org.jspecify.annotations.NullMarked;
