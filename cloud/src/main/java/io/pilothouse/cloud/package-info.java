/** AWS-compatible endpoints for a machine without AWS. */
@NullMarked
package io.pilothouse.cloud;

import org.jspecify.annotations.NullMarked;
