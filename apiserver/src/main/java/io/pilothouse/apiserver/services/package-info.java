/** What services hold of the cluster: addresses and node ports. */
@NullMarked
package io.pilothouse.apiserver.services;

import org.jspecify.annotations.NullMarked;
