/** The embedded CloudFormation: templates, intrinsic functions, stacks. */
@NullMarked
package io.pilothouse.cloud.cloudformation;

import org.jspecify.annotations.NullMarked;
