package io.pilothouse.controlplane.eks;

import java.util.ArrayList;
import java.util.List;

/** All operations: those that are served, and those that are refused by name. */
public final class Operations {
    private Operations() {}

    /** In the order in which routes are tried. */
    public static List<Operation> all(EksContext c) {
        List<Operation> all = new ArrayList<>(List.of(
                new CreateCluster(c),
                new DescribeCluster(c),
                new ListClusters(c),
                new DeleteCluster(c),
                new UpdateClusterVersion(c),
                new UpdateClusterConfig(c),
                new DescribeUpdate(c),
                new ListUpdates(c),
                new DescribeClusterVersions(c),
                new CreateAccessEntry(c),
                new DescribeAccessEntry(c),
                new ListAccessEntries(c),
                new UpdateAccessEntry(c),
                new DeleteAccessEntry(c),
                new AssociateAccessPolicy(c),
                new DisassociateAccessPolicy(c),
                new ListAssociatedAccessPolicies(c),
                new ListAccessPolicies(c),
                new TagResource(c),
                new UntagResource(c),
                new ListTagsForResource(c),
                new CreateNodegroup(c),
                new DescribeNodegroup(c),
                new ListNodegroups(c),
                new DeleteNodegroup(c),
                new UpdateNodegroupConfig(c)));
        all.addAll(Refused.all());
        return all;
    }
}
