package io.pilothouse.apiserver.kinds.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.core.LegacyAddresses;
import io.pilothouse.machinery.field.Cidr;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.field.SelectorRules;
import io.pilothouse.machinery.field.TextFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What must hold for a network policy. */
final class NetworkPolicyValidation {
    private static final Map<String, String> PEERS = Map.of("ingress", "from", "egress", "to");
    private static final List<String> DIRECTIONS = List.of("ingress", "egress");

    private final boolean anySelectorValues;
    private final List<String> oldRanges;

    private NetworkPolicyValidation(boolean anySelectorValues, List<String> oldRanges) {
        this.anySelectorValues = anySelectorValues;
        this.oldRanges = oldRanges;
    }

    /** @param old null for a new policy */
    static List<FieldError> validate(ObjectNode policy, @Nullable ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var ranges = new ArrayList<String>();
        boolean anyValues = false;
        if (old != null) {
            blocks(old, (block, path) -> {
                ranges.add(block.path("cidr").asText(""));
                block.path("except").forEach(e -> ranges.add(e.asText("")));
            });
            var oldErrors = new ArrayList<FieldError>();
            SelectorRules.check(Field.of(old, oldErrors).child("spec", "podSelector"));
            anyValues = !oldErrors.isEmpty();
        }
        new NetworkPolicyValidation(anyValues, ranges)
                .spec(Field.of(policy, errors).child("spec"));
        return errors;
    }

    private void spec(Field spec) {
        SelectorRules.check(spec.child("podSelector"), anySelectorValues);
        for (String direction : DIRECTIONS) {
            spec.child(direction).each(rule -> {
                rule.child("ports").each(NetworkPolicyValidation::port);
                rule.child(peers(direction)).each(this::peer);
            });
        }
        var types = spec.child("policyTypes");
        if (types.size() > 2) {
            types.invalid("may not specify more than two policyTypes");
            return;
        }
        types.each(type -> type.oneOf("Ingress", "Egress"));
    }

    private static String peers(String direction) {
        return PEERS.getOrDefault(direction, "");
    }

    private static void port(Field rule) {
        rule.child("protocol").ifPresent(p -> p.oneOf("TCP", "UDP", "SCTP"));
        var port = rule.child("port");
        var end = rule.child("endPort");
        if (!port.present()) {
            end.ifPresent(e -> e.invalid("may not be specified when `port` is not specified"));
        } else if (port.value().isTextual()) {
            end.ifPresent(e -> e.invalid("may not be specified when `port` is non-numeric"));
            port.matches(TextFormat::portName);
        } else {
            port.hasNumber(TextFormat::portNumber);
            end.ifPresent(e -> {
                if (e.number() < port.number()) {
                    e.invalid(port.number(), "must be greater than or equal to `port`");
                }
                e.hasNumber(TextFormat::portNumber);
            });
        }
    }

    private void peer(Field peer) {
        int kinds = 0;
        for (String selector : new String[] {"podSelector", "namespaceSelector"}) {
            if (peer.child(selector).present()) {
                kinds++;
                SelectorRules.check(peer.child(selector), anySelectorValues);
            }
        }
        var block = peer.child("ipBlock");
        block.ifPresent(this::block);
        if (kinds == 0 && !block.present()) {
            peer.required("must specify a peer");
        } else if (kinds > 0 && block.present()) {
            peer.forbidden("may not specify both ipBlock and another peer");
        }
    }

    private void block(Field block) {
        var cidr = block.child("cidr");
        if (!cidr.mustExist()) {
            return;
        }
        LegacyAddresses.cidr(cidr, oldRanges);
        var whole = Cidr.parse(cidr.text());
        if (whole.isEmpty()) {
            return;
        }
        block.child("except").each(except -> {
            LegacyAddresses.cidr(except, oldRanges);
            Cidr.parse(except.text()).ifPresent(part -> {
                if (!whole.get().contains(part.network()) || whole.get().bits() >= part.bits()) {
                    except.invalid("must be a strict subset of `cidr`");
                }
            });
        });
    }

    /** Visits every block of addresses, with its place. */
    private static void blocks(ObjectNode policy, BiConsumer<JsonNode, FieldPath> visitor) {
        for (String direction : DIRECTIONS) {
            String peers = peers(direction);
            int i = 0;
            for (var rule : policy.path("spec").path(direction)) {
                var path = FieldPath.of("spec", direction).index(i++).child(peers);
                int j = 0;
                for (var peer : rule.path(peers)) {
                    if (peer.hasNonNull("ipBlock")) {
                        visitor.accept(peer.get("ipBlock"), path.index(j).child("ipBlock"));
                    }
                    j++;
                }
            }
        }
    }

    static List<String> warnings(ObjectNode policy) {
        var out = new ArrayList<String>();
        blocks(policy, (block, path) -> {
            out.addAll(
                    IpFormat.cidrWarnings(path.child("cidr"), block.path("cidr").asText("")));
            int i = 0;
            for (var except : block.path("except")) {
                out.addAll(IpFormat.cidrWarnings(path.child("except").index(i++), except.asText("")));
            }
        });
        return out;
    }
}
