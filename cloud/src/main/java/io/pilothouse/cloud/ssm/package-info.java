/** The embedded SSM parameter store. */
@NullMarked
package io.pilothouse.cloud.ssm;

import org.jspecify.annotations.NullMarked;
