package io.pilothouse.backup;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Calls the region service, signed as a call to EKS, and prints what it answers. */
record RegionClient(String endpoint, String region, PrintWriter out, PrintWriter err) {
    /** Returns the exit code: 0 when it was granted. */
    int call(String method, String path) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .uri(URI.create(endpoint + path))
                .method(SdkHttpMethod.fromValue(method))
                .putHeader("content-type", "application/json")
                .build();
        ContentStreamProvider body = ContentStreamProvider.fromByteArray(new byte[0]);
        try (SdkHttpClient client = UrlConnectionHttpClient.builder()
                        .socketTimeout(java.time.Duration.ofMinutes(10))
                        .build();
                DefaultCredentialsProvider credentials =
                        DefaultCredentialsProvider.builder().build()) {
            var identity = credentials.resolveCredentials();
            SignedRequest signed = AwsV4HttpSigner.create()
                    .sign(r -> r.identity(identity)
                            .request(request)
                            .payload(body)
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "eks")
                            .putProperty(AwsV4HttpSigner.REGION_NAME, region));
            HttpExecuteRequest.Builder execution = HttpExecuteRequest.builder().request(signed.request());
            if (!method.equals("GET")) {
                // The client would turn a GET with a body, even an empty one, into a POST.
                execution.contentStreamProvider(signed.payload().orElse(body));
            }
            HttpExecuteResponse response =
                    client.prepareRequest(execution.build()).call();
            String text = response.responseBody().isPresent()
                    ? new String(response.responseBody().get().readAllBytes(), StandardCharsets.UTF_8)
                    : "";
            boolean granted = response.httpResponse().isSuccessful();
            (granted ? out : err).println(text);
            out.flush();
            err.flush();
            return granted ? 0 : 1;
        } catch (IOException | SdkException e) {
            err.println("backup: " + e.getMessage());
            err.flush();
            return 1;
        }
    }
}
