package io.pilothouse.machinery.status;

import io.pilothouse.machinery.gotext.GoText;

/** The reason and message that an HTTP status alone gives. */
record GenericReply(String reason, String message) {

    static GenericReply of(int code, String verb, String serverMessage) {
        return switch (code) {
            case 409 ->
                new GenericReply("POST".equals(verb) ? "AlreadyExists" : "Conflict", "the server reported a conflict");
            case 404 -> new GenericReply("NotFound", "the server could not find the requested resource");
            case 400 -> new GenericReply("BadRequest", "the server rejected our request for an unknown reason");
            case 401 -> new GenericReply("Unauthorized", "the server has asked for the client to provide credentials");
            case 403 -> new GenericReply("Forbidden", serverMessage);
            case 406 ->
                new GenericReply(
                        "NotAcceptable",
                        serverMessage.isEmpty() || serverMessage.equals("unknown")
                                ? "the server was unable to respond with a content type that the client supports"
                                : serverMessage);
            case 415 -> new GenericReply("UnsupportedMediaType", serverMessage);
            case 405 ->
                new GenericReply("MethodNotAllowed", "the server does not allow this method on the requested resource");
            case 422 -> new GenericReply("Invalid", "the server rejected our request due to an error in our request");
            case 503 -> new GenericReply("ServiceUnavailable", "the server is currently unable to handle the request");
            case 504 ->
                new GenericReply(
                        "Timeout",
                        "the server was unable to return a response in the time allotted, but may still be processing the request");
            case 429 ->
                new GenericReply(
                        "TooManyRequests",
                        "the server has received too many requests and has asked us to try again later");
            default ->
                code >= 500
                        ? new GenericReply(
                                "InternalError",
                                "an error on the server (" + GoText.quote(serverMessage)
                                        + ") has prevented the request from succeeding")
                        : new GenericReply(
                                "",
                                "the server responded with the status code " + code
                                        + " but did not return more information");
        };
    }
}
