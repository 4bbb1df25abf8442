/** What an instance learns from EC2's metadata, and its IAM token. */
@NullMarked
package io.pilothouse.worker.aws;

import org.jspecify.annotations.NullMarked;
