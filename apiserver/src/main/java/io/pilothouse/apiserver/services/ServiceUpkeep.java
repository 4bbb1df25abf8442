package io.pilothouse.apiserver.services;

import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what services hold in order: the server's own ServiceCIDR is ready, every cluster IP has its IPAddress and every node port its bit,
 * and what no service holds is given back. Every server does it; what one has done another finds done.
 */
public final class ServiceUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceUpkeep.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration REPAIR_PERIOD = Duration.ofMinutes(3);
    private static final UserInfo SELF = UserInfo.of("system:apiserver", UserInfo.SUPERUSERS);

    private final DefaultServiceCidr serviceCidr;
    private final AddressRepair addresses;
    private final NodePortRepair nodePorts;
    private final Registry registry;
    private final Clock clock;
    private final CountDownLatch ended = new CountDownLatch(1);

    private ServiceUpkeep(ServiceReserver reserver, Registry registry, ResourceIndex resources, Clock clock) {
        var events = new RepairEvents(registry, resources);
        this.serviceCidr = new DefaultServiceCidr(reserver.ranges(), registry, resources, clock);
        this.addresses = new AddressRepair(reserver.addresses(), registry, resources, events);
        this.nodePorts = new NodePortRepair(reserver.nodePorts(), registry, events);
        this.registry = registry;
        this.clock = clock;
    }

    /** Begins, on a thread of its own. */
    public static ServiceUpkeep start(
            ServiceReserver reserver, Registry registry, ResourceIndex resources, Clock clock) {
        var upkeep = new ServiceUpkeep(reserver, registry, resources, clock);
        Thread.ofVirtual().name("service-upkeep").start(upkeep::run);
        return upkeep;
    }

    private void run() {
        var nextRepair = Instant.MIN;
        try {
            do {
                var now = clock.instant();
                attempt("the default ServiceCIDR", serviceCidr::keep);
                if (!now.isBefore(nextRepair)) {
                    attempt("services' addresses", () -> addresses.run(context(now)));
                    attempt("services' node ports", () -> nodePorts.run(context(now)));
                    nextRepair = now.plus(REPAIR_PERIOD);
                }
            } while (!ended.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void attempt(String what, Runnable task) {
        try {
            task.run();
        } catch (StorageException | StatusException e) {
            LOG.atWarn()
                    .addKeyValue("what", what)
                    .addKeyValue("reason", e.getMessage())
                    .log("could not be kept in order; trying again");
        }
    }

    private WriteContext context(Instant now) {
        return new WriteContext(SELF, "", "", false, now, registry);
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
