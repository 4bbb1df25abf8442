package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Model.InstanceProcess;
import java.io.IOException;
import java.util.Collection;

/** What an instance really is. Safe for many threads. */
public interface InstanceRuntime {
    /** Starts the instance; its user data runs after the return. */
    InstanceProcess start(Instance instance) throws IOException;

    /** Whether the instance's process is there. */
    boolean isAlive(Instance instance);

    /** Ends all its processes and removes whatever it had. Does nothing when there is nothing left. */
    void remove(Instance instance) throws IOException;

    /** Removes what was left of instances other than these. */
    void removeOthers(Collection<Instance> known) throws IOException;
}
