package io.pilothouse.cloud.protocol;

/** An action with its parameters. */
public record QueryCall(String action, Params params, CallerIdentity caller, AwsRequest request, String requestId) {}
