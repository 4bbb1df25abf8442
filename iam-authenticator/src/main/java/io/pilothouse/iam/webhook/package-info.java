/** The TokenReview webhook and its command. */
@NullMarked
package io.pilothouse.iam.webhook;

import org.jspecify.annotations.NullMarked;
