/** IAM principals to Kubernetes users and groups. */
@NullMarked
package io.pilothouse.iam.mapping;

import org.jspecify.annotations.NullMarked;
