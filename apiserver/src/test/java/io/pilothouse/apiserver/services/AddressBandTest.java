package io.pilothouse.apiserver.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.field.Cidr;
import io.pilothouse.machinery.field.IpAddress;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressBandTest {
    private static AddressBand band(String range) {
        return new AddressBand(Cidr.parse(range).orElseThrow());
    }

    @Test
    void leavesOutTheEndsOfARange() {
        assertThat(band("10.0.0.0/24").size()).isEqualTo(254);
        assertThat(band("fd00::/120").size()).isEqualTo(255);
        assertThat(band("10.0.0.0/24").contains(IpAddress.parse("10.0.0.0").orElseThrow()))
                .isFalse();
        assertThat(band("10.0.0.0/24").contains(IpAddress.parse("10.0.0.255").orElseThrow()))
                .isFalse();
        assertThat(band("fd00::/120").contains(IpAddress.parse("fd00::ff").orElseThrow()))
                .isTrue();
    }

    @Test
    void offersEveryAddressOnceAndTheFirstSixteenLast() {
        var offered = new ArrayList<String>();
        boolean taken = band("10.0.0.0/24").offer(new Random(1), ip -> !offered.add(ip.toString()));
        assertThat(taken).isFalse();
        assertThat(offered).hasSize(254).doesNotHaveDuplicates();
        assertThat(offered.subList(254 - 16, 254)).allMatch(ip -> Integer.parseInt(ip.substring(7)) <= 16);
    }

    @Test
    void offersOfLargeRangesToo() {
        var offered = new ArrayList<IpAddress>();
        assertThat(band("fd00::/64").offer(new Random(1), offered::add)).isTrue();
        assertThat(band("fd00::/64").contains(offered.getFirst())).isTrue();
    }
}
