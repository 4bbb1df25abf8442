/** The embedded EC2: VPC network, instances as process trees, instance metadata. */
@NullMarked
package io.pilothouse.cloud.ec2;

import org.jspecify.annotations.NullMarked;
