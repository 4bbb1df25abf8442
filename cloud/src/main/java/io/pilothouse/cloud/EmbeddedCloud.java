package io.pilothouse.cloud;

import io.pilothouse.cloud.autoscaling.AutoScalingService;
import io.pilothouse.cloud.autoscaling.Groups;
import io.pilothouse.cloud.cloudformation.CloudFormationService;
import io.pilothouse.cloud.cloudformation.Providers;
import io.pilothouse.cloud.cloudformation.Stacks;
import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Service;
import io.pilothouse.cloud.ec2.Ec2Store;
import io.pilothouse.cloud.ec2.InstanceService;
import io.pilothouse.cloud.ec2.MetadataListeners;
import io.pilothouse.cloud.ec2.MetadataService;
import io.pilothouse.cloud.ec2.ProcessInstances;
import io.pilothouse.cloud.ec2.Resources;
import io.pilothouse.cloud.ec2.VpcNetwork;
import io.pilothouse.cloud.iam.AccessControl;
import io.pilothouse.cloud.iam.Arns;
import io.pilothouse.cloud.iam.IamModel.AccessKey;
import io.pilothouse.cloud.iam.IamService;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.iam.Ids;
import io.pilothouse.cloud.protocol.AwsEndpoint;
import io.pilothouse.cloud.protocol.AwsHttpHandler;
import io.pilothouse.cloud.protocol.ServiceHandler;
import io.pilothouse.cloud.s3.ObjectStore;
import io.pilothouse.cloud.s3.S3Service;
import io.pilothouse.cloud.sigv4.RequestAuthenticator;
import io.pilothouse.cloud.sigv4.RequestSignature;
import io.pilothouse.cloud.sigv4.SigV4;
import io.pilothouse.cloud.ssm.ParameterStore;
import io.pilothouse.cloud.ssm.SsmService;
import io.pilothouse.cloud.state.StateStore;
import io.pilothouse.cloud.sts.StsService;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The AWS-compatible services of one region in one process: STS, IAM, EC2, Auto Scaling, CloudFormation, SSM parameters and S3 behind one
 * endpoint, with the network, metadata service and processes of its instances. Safe for many threads.
 */
public final class EmbeddedCloud implements AutoCloseable {
    private final CloudParts parts;
    private final AccessKey rootKey;
    private final List<HttpServer> servers;
    private final Background background;
    private final MetadataListeners metadata;

    private EmbeddedCloud(
            CloudParts parts,
            AccessKey rootKey,
            List<HttpServer> servers,
            Background background,
            MetadataListeners metadata) {
        this.parts = parts;
        this.rootKey = rootKey;
        this.servers = servers;
        this.background = background;
        this.metadata = metadata;
    }

    /**
     * Starts everything: finds instances that still run, resumes stacks and groups, then listens.
     *
     * @param more makes the services to add to the endpoint, such as EKS
     * @throws IOException when an address is in use or the network cannot be set up; nothing is left behind then but the records
     */
    public static EmbeddedCloud start(
            CloudConfig config, StateStore state, Function<CloudParts, List<ServiceHandler>> more) throws IOException {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Files.createDirectories(config.dataDirectory());
        IamStore iam =
                new IamStore(state, new Arns("aws", config.region(), config.accountId()), new Ids(random), clock);
        AccessControl access = new AccessControl(iam);
        AccessKey rootKey = iam.rootKey();
        VpcNetwork network = VpcNetwork.open(state, bridgeName(config.dataDirectory()), config.isolate());
        List<AutoCloseable> opened = new ArrayList<>(List.of(network));
        try {
            Ec2Store ec2 = new Ec2Store(state);
            AtomicReference<Function<Instance, Map<String, String>>> environment = new AtomicReference<>(i -> Map.of());
            ProcessInstances runtime = new ProcessInstances(
                    config.dataDirectory().resolve("instances"),
                    network,
                    i -> Objects.requireNonNull(environment.get()).apply(i));
            InstanceService instances = new InstanceService(ec2, network, runtime, iam.ids(), config.region(), clock);
            Resources resources = new Resources(ec2, network, config.region());
            resources.bootstrap();
            Groups groups = new Groups(state, ec2, instances, iam);
            ParameterStore parameters = new ParameterStore(state);
            Stacks stacks = new Stacks(state, iam, parameters, Providers.all(iam, ec2, resources, groups), resources);
            opened.add(stacks);
            ObjectStore objects = new ObjectStore(config.dataDirectory().resolve("s3"), clock);
            RequestAuthenticator authenticator = new RequestAuthenticator(iam, config.region(), clock);
            CloudParts parts = new CloudParts(
                    config,
                    state,
                    iam,
                    access,
                    authenticator,
                    network,
                    ec2,
                    resources,
                    instances,
                    groups,
                    stacks,
                    objects);
            List<ServiceHandler> services = new ArrayList<>(List.of(
                    IamService.create(iam, access),
                    new StsService(iam, access),
                    Ec2Service.create(iam, access, ec2, instances, resources),
                    AutoScalingService.create(iam, access, ec2, instances, groups),
                    CloudFormationService.create(iam, access, stacks),
                    new SsmService(parameters, iam, access),
                    new S3Service(objects, access, config.region())));
            services.addAll(more.apply(parts));
            MetadataListeners metadata = MetadataListeners.start(
                    network,
                    new MetadataService(iam, ec2, instances, network, random),
                    config.bind().getPort());
            opened.add(metadata);
            List<HttpServer> servers = listen(
                    config, network, new AwsEndpoint(authenticator, RequestSignature::serviceOf, services), opened);
            environment.set(i -> environment(
                    config, network, metadata, servers.getFirst().address().getPort(), i));
            instances.recover();
            Background background = new Background(instances, groups, iam);
            groups.onChange(background::wake);
            background.start();
            stacks.resume();
            return new EmbeddedCloud(parts, rootKey, servers, background, metadata);
        } catch (IOException | RuntimeException e) {
            opened.reversed().forEach(EmbeddedCloud::quietly);
            throw e;
        }
    }

    private static void quietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new IllegalStateException("could not undo the start", e);
        }
    }

    private static List<HttpServer> listen(
            CloudConfig config, VpcNetwork network, AwsEndpoint endpoint, List<AutoCloseable> opened)
            throws IOException {
        AwsHttpHandler handler = new AwsHttpHandler(endpoint);
        HttpServer host = HttpServer.start(HttpServerConfig.of(config.bind()), handler);
        opened.add(host);
        if (!network.isolated() || config.bind().getAddress().isAnyLocalAddress()) {
            return List.of(host);
        }
        HttpServer gateway = HttpServer.start(
                HttpServerConfig.of(new InetSocketAddress(
                        network.hostAddress(), host.address().getPort())),
                handler);
        opened.add(gateway);
        return List.of(host, gateway);
    }

    /** Interface names have 15 characters at most; the name is the same for the same data directory. */
    private static String bridgeName(Path dataDirectory) {
        return "ph"
                + SigV4.hash(dataDirectory.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8))
                        .substring(0, 6);
    }

    private static Map<String, String> environment(
            CloudConfig config, VpcNetwork network, MetadataListeners metadata, int port, Instance instance) {
        Map<String, String> all = new HashMap<>();
        all.put("AWS_ENDPOINT_URL", "http://" + network.hostAddress() + ":" + port);
        all.put("AWS_REGION", config.region());
        all.put("AWS_DEFAULT_REGION", config.region());
        metadata.endpoint(instance.id()).ifPresent(url -> all.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", url));
        all.putAll(config.instanceEnvironment());
        return all;
    }

    /** What it is made of. */
    public CloudParts parts() {
        return parts;
    }

    /** The account's root access key; it may do everything. */
    public AccessKey rootKey() {
        return rootKey;
    }

    /** The endpoint for processes on this host. */
    public URI endpoint() {
        InetSocketAddress address = servers.getFirst().address();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    /** The endpoint for instances. */
    public URI instanceEndpoint() {
        return URI.create("http://" + parts.network().hostAddress() + ":"
                + servers.getFirst().address().getPort());
    }

    /** Stops serving and leaves the instances and their network as they are, for the next process to find. */
    public void detach() {
        background.close();
        parts.stacks().close();
        servers.forEach(HttpServer::close);
        metadata.close();
    }

    /** Stops serving, ends all instances and removes their network. Groups get new instances at the next start. */
    @Override
    public void close() {
        detach();
        parts.instances().stopAll();
        parts.network().close();
    }
}
