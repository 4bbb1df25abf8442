/** IAM tokens to Kubernetes identities. */
@NullMarked
package io.pilothouse.iam;

import org.jspecify.annotations.NullMarked;
