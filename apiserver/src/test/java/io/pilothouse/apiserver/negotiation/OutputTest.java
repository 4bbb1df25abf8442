package io.pilothouse.apiserver.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.machinery.status.StatusException;
import org.junit.jupiter.api.Test;

class OutputTest {
    private static final String TABLE = ";as=Table;v=v1;g=meta.k8s.io";

    @Test
    void takesTheFirstFormThatFits() {
        assertThat(chosen("", Offer.OBJECT).format()).isEqualTo(Format.JSON);
        assertThat(chosen("application/vnd.kubernetes.protobuf,application/json", Offer.OBJECT)
                        .format())
                .isEqualTo(Format.PROTOBUF);
        assertThat(chosen("application/vnd.kubernetes.protobuf,application/json", Offer.CUSTOM)
                        .format())
                .isEqualTo(Format.JSON);
        assertThat(chosen("application/yaml;q=0.1, application/json;q=0.9", Offer.OBJECT)
                        .format())
                .isEqualTo(Format.JSON);
    }

    @Test
    void makesNoTableInProtobuf() {
        var fallback = chosen("application/vnd.kubernetes.protobuf" + TABLE + ",application/json" + TABLE, Offer.LIST);
        assertThat(fallback.table()).isTrue();
        assertThat(fallback.format()).isEqualTo(Format.JSON);
        String partial = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
        assertThat(chosen(partial, Offer.CUSTOM).format()).isEqualTo(Format.PROTOBUF);
    }

    @Test
    void refusesInTheWordsOfWhoRefuses() {
        assertThatThrownBy(() -> chosen("application/*", Offer.OBJECT))
                .isInstanceOf(StatusException.class)
                .hasMessageStartingWith("406: Not Acceptable\n\nAvailable representations: application/json,");
        assertThatThrownBy(() -> chosen("application/json;as=Nothing", Offer.OBJECT))
                .hasMessage("only the following media types are accepted: application/json, application/yaml,"
                        + " application/vnd.kubernetes.protobuf");
        assertThat(chosen("application/*", Offer.CUSTOM).format()).isEqualTo(Format.JSON);
    }

    @Test
    void tellsErrorsInAnyCase() {
        assertThat(Output.ofStatus("text/html", false)).isEqualTo(new Output(Format.JSON, "", "", true));
        assertThat(Output.ofStatus("application/json" + TABLE + ",application/yaml", false)
                        .format())
                .isEqualTo(Format.YAML);
    }

    private static Output chosen(String accept, Offer offer) {
        return Output.negotiate(accept, offer, false);
    }
}
