package io.pilothouse.cloud.protocol;

import java.util.Locale;
import java.util.Map;

/** How a service's answers look on the wire. */
public enum Protocol {
    /** IAM, STS, CloudFormation, Auto Scaling. */
    QUERY,
    /** EC2's own variant of the query protocol. */
    EC2,
    /** EKS. */
    REST_JSON,
    /** SSM: JSON 1.1 with the operation in X-Amz-Target. */
    JSON,
    /** S3. */
    S3;

    /** Renders an error as this protocol's clients expect it. */
    public AwsResponse error(AwsException e, String requestId, String namespace) {
        return switch (this) {
            case QUERY ->
                xml(
                        e.status(),
                        requestId,
                        new XmlWriter()
                                .open("ErrorResponse", namespace)
                                .open("Error")
                                .text("Type", e.status() < 500 ? "Sender" : "Receiver")
                                .text("Code", e.code())
                                .text("Message", e.detail())
                                .close()
                                .text("RequestId", requestId)
                                .close());
            case EC2 ->
                xml(
                        e.status(),
                        requestId,
                        new XmlWriter()
                                .open("Response")
                                .open("Errors")
                                .open("Error")
                                .text("Code", e.code())
                                .text("Message", e.detail())
                                .close()
                                .close()
                                .text("RequestID", requestId)
                                .close());
            case S3 ->
                xml(
                        e.status(),
                        requestId,
                        new XmlWriter()
                                .open("Error")
                                .text("Code", e.code())
                                .text("Message", e.detail())
                                .text("RequestId", requestId)
                                .close());
            case REST_JSON -> json(e, requestId, "application/json", "message");
            case JSON -> json(e, requestId, "application/x-amz-json-1.1", "message");
        };
    }

    private static AwsResponse xml(int status, String requestId, XmlWriter body) {
        return AwsResponse.text(status, "text/xml;charset=utf-8", body.document())
                .withHeader("x-amzn-requestid", requestId)
                .withHeader("x-amz-request-id", requestId);
    }

    private static AwsResponse json(AwsException e, String requestId, String contentType, String key) {
        String body = Json.write(Json.object(Map.of("__type", e.code(), key, e.detail())));
        return AwsResponse.text(e.status(), contentType, body)
                .withHeader("x-amzn-errortype", e.code())
                .withHeader("x-amzn-requestid", requestId.toLowerCase(Locale.ROOT));
    }
}
