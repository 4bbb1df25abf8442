/** Managed node groups: a launch template and an Auto Scaling group in the customer's account. */
@NullMarked
package io.pilothouse.controlplane.nodegroup;

import org.jspecify.annotations.NullMarked;
