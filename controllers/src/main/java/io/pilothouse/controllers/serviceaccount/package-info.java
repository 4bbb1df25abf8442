/** Service accounts of namespaces and the root certificate they trust. */
@NullMarked
package io.pilothouse.controllers.serviceaccount;

import org.jspecify.annotations.NullMarked;
