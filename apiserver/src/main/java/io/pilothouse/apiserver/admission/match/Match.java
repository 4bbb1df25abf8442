package io.pilothouse.apiserver.admission.match;

import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.GroupVersionResource;

/** The form of a request in which a rule matched it: its own, or that of another version of the same resource. */
public record Match(GroupVersionResource resource, GroupVersionKind kind) {}
