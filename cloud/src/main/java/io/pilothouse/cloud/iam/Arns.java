package io.pilothouse.cloud.iam;

/** The Amazon Resource Names of one account in one region. */
public record Arns(String partition, String region, String account) {

    /** {@code arn:aws:}. */
    public String partitionPrefix() {
        return "arn:" + partition + ":";
    }

    /** The account's root. */
    public String root() {
        return iam("root");
    }

    /** A user. */
    public String user(String path, String name) {
        return iam("user" + path + name);
    }

    /** A role. */
    public String role(String path, String name) {
        return iam("role" + path + name);
    }

    /** An instance profile. */
    public String instanceProfile(String path, String name) {
        return iam("instance-profile" + path + name);
    }

    /** A customer managed policy. */
    public String policy(String path, String name) {
        return iam("policy" + path + name);
    }

    /** A session of a role. */
    public String assumedRole(String role, String session) {
        return "arn:" + partition + ":sts::" + account + ":assumed-role/" + role + "/" + session;
    }

    /** A resource of a regional service. */
    public String regional(String service, String resource) {
        return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
    }

    private String iam(String resource) {
        return "arn:" + partition + ":iam::" + account + ":" + resource;
    }
}
