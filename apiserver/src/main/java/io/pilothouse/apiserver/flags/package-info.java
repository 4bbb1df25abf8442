/** The command line of a server, read as Go's pflag reads it for kube-apiserver: by plain code, since a start waits for it. */
@NullMarked
package io.pilothouse.apiserver.flags;

import org.jspecify.annotations.NullMarked;
