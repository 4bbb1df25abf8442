package io.pilothouse.apiserver.admission.policy;

/**
 * Why a policy says no.
 *
 * @param index of the validation; -1 where it is no validation that fails
 * @param reason a Status reason; empty where the policy could not be evaluated
 */
record Decision(int index, String message, String reason) {}
