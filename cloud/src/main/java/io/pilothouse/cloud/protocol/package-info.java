/** What all AWS protocols share: requests, responses, errors, the XML and form codecs, and the router over services. */
@NullMarked
package io.pilothouse.cloud.protocol;

import org.jspecify.annotations.NullMarked;
