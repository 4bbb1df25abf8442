/** The embedded S3: objects as files. */
@NullMarked
package io.pilothouse.cloud.s3;

import org.jspecify.annotations.NullMarked;
