/** Tokens of other issuers: OpenID Connect, as flags or an AuthenticationConfiguration say. */
@NullMarked
package io.pilothouse.apiserver.oidc;

import org.jspecify.annotations.NullMarked;
