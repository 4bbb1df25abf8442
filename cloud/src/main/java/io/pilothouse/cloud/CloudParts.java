package io.pilothouse.cloud;

import io.pilothouse.cloud.autoscaling.Groups;
import io.pilothouse.cloud.cloudformation.Stacks;
import io.pilothouse.cloud.ec2.Ec2Store;
import io.pilothouse.cloud.ec2.InstanceService;
import io.pilothouse.cloud.ec2.Resources;
import io.pilothouse.cloud.ec2.VpcNetwork;
import io.pilothouse.cloud.iam.AccessControl;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.Authenticator;
import io.pilothouse.cloud.s3.ObjectStore;
import io.pilothouse.cloud.state.StateStore;

/** What the embedded cloud is made of, for services that others add to its endpoint. */
public record CloudParts(
        CloudConfig config,
        StateStore state,
        IamStore iam,
        AccessControl access,
        Authenticator authenticator,
        VpcNetwork network,
        Ec2Store ec2,
        Resources resources,
        InstanceService instances,
        Groups groups,
        Stacks stacks,
        ObjectStore objects) {}
