package io.pilothouse.iam.token;

import java.util.Map;
import java.util.Set;

/** The AWS partitions and their DNS suffixes. */
final class Partition {
    private static final Map<String, String> SUFFIXES = Map.of(
            "aws", "amazonaws.com",
            "aws-cn", "amazonaws.com.cn",
            "aws-us-gov", "amazonaws.com",
            "aws-iso", "c2s.ic.gov",
            "aws-iso-b", "sc2s.sgov.gov",
            "aws-iso-e", "cloud.adc-e.uk",
            "aws-iso-f", "csp.hci.ic.gov",
            "aws-eusc", "amazonaws.eu");

    private Partition() {}

    static Set<String> names() {
        return SUFFIXES.keySet();
    }

    /** Whether the host is an STS endpoint of that partition and region. */
    static boolean isStsHost(String partition, String region, String host) {
        String suffix = SUFFIXES.get(partition);
        if (suffix == null) {
            return false;
        }
        boolean global = partition.equals("aws") && host.equals("sts.amazonaws.com");
        return global
                || host.equals("sts." + region + "." + suffix)
                || host.equals("sts-fips." + region + "." + suffix)
                || host.equals("sts." + region + ".api.aws");
    }
}
