/** The one command that starts every part. */
@NullMarked
package io.pilothouse.launcher;

import org.jspecify.annotations.NullMarked;
