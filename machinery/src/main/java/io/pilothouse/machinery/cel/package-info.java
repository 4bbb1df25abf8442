/** Rules in the Common Expression Language, as custom resources' schemas carry them ({@code x-kubernetes-validations}). */
@NullMarked
package io.pilothouse.machinery.cel;

import org.jspecify.annotations.NullMarked;
