/** The EKS API: an operation is a class, and what it stores a record. */
@NullMarked
package io.pilothouse.controlplane.eks;

import org.jspecify.annotations.NullMarked;
