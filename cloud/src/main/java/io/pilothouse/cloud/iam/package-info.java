/** The embedded IAM: principals, keys, policies and their evaluation. */
@NullMarked
package io.pilothouse.cloud.iam;

import org.jspecify.annotations.NullMarked;
