package io.pilothouse.cloud.protocol;

/** An authenticated request on its way to its service. */
public record AwsCall(AwsRequest request, CallerIdentity caller, String requestId) {}
