package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.bootstrap.AtOnce;
import io.pilothouse.apiserver.bootstrap.Bootstrap;
import io.pilothouse.apiserver.services.ServiceReserver;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The objects that a server makes sure of before it listens. */
final class StartupObjects {
    private StartupObjects() {}

    static void create(
            ApiServerOptions options,
            Bootstrap bootstrap,
            ServiceReserver services,
            ApiServer.Extensions extensions,
            OwnObjects own,
            StartHooks hooks)
            throws IOException {
        bootstrap.namespaces();
        hooks.done("start-system-namespaces-controller");
        boolean roles = options.usesRbac();
        var facts = facts(options);
        List<Runnable> others = List.of(
                () -> {
                    if (roles) {
                        bootstrap.policy(extensions.policy());
                    }
                    hooks.done("rbac/bootstrap-roles");
                },
                () -> {
                    bootstrap.serviceCidr(services.ranges().texts());
                    hooks.done("start-kubernetes-service-cidr-controller");
                    bootstrap.kubernetesService(services.ranges().firstAddress());
                },
                () -> {
                    bootstrap.authenticationFacts(facts);
                    hooks.done("start-cluster-authentication-info-controller");
                },
                () -> own.create(hooks));
        AtOnce.each(others, Runnable::run);
    }

    /** Keeps telling extension servers by whose certificates clients are known. */
    static void follow(ApiServerOptions options, Bootstrap bootstrap, FollowedFiles files) {
        var authorities = Stream.of(options.clientCaFile, options.requestHeaderClientCaFile)
                .filter(Objects::nonNull)
                .toList();
        files.follow(
                "what extension servers are told of authorities",
                authorities,
                () -> bootstrap.authenticationFacts(facts(options)));
    }

    private static Map<String, String> facts(ApiServerOptions options) throws IOException {
        var facts = new LinkedHashMap<String, String>();
        if (options.clientCaFile != null) {
            facts.put("client-ca-file", Files.readString(options.clientCaFile));
        }
        if (options.requestHeaderClientCaFile != null) {
            facts.put("requestheader-client-ca-file", Files.readString(options.requestHeaderClientCaFile));
            facts.put("requestheader-allowed-names", jsonStrings(options.requestHeaderAllowedNames));
            facts.put("requestheader-extra-headers-prefix", jsonStrings(options.requestHeaderExtraPrefixes));
            facts.put("requestheader-group-headers", jsonStrings(options.requestHeaderGroupHeaders));
            facts.put("requestheader-username-headers", jsonStrings(options.requestHeaderUsernameHeaders));
        }
        return facts;
    }

    private static String jsonStrings(List<String> values) {
        return Json.text(Json.valueOf(values));
    }
}
