/** EKS access policies as an allow-only authorizer. */
@NullMarked
package io.pilothouse.iam.policy;

import org.jspecify.annotations.NullMarked;
