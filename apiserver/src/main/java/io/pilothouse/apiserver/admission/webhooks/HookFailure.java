package io.pilothouse.apiserver.admission.webhooks;

/** A webhook could not be asked, or gave no answer that can be used: what its failurePolicy is for. */
final class HookFailure extends Exception {
    private static final long serialVersionUID = 1L;

    HookFailure(String hook, String why) {
        super("failed calling webhook \"" + hook + "\": " + why);
    }
}
