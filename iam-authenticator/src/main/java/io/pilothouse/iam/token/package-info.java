/** Tokens: their form, and their verification by STS. */
@NullMarked
package io.pilothouse.iam.token;

import org.jspecify.annotations.NullMarked;
