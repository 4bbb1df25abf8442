package io.pilothouse.apiserver.kinds.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageNameTest {
    private static final String DIGEST = "@sha256:45b23dee08af5e43a7fea6c4cf9c25ccf269ee113168c19722f87876677c5cb2";

    @Test
    void namesWithoutTagMeanLatest() {
        assertThat(ImageName.tag("nginx")).isEqualTo("latest");
        assertThat(ImageName.tag("localhost:5000/team/nginx")).isEqualTo("latest");
        assertThat(ImageName.tag("registry.example.com/a/b:v1")).isEqualTo("v1");
    }

    @Test
    void aDigestAloneIsNoTag() {
        assertThat(ImageName.tag("nginx" + DIGEST)).isEmpty();
        assertThat(ImageName.tag("nginx:latest" + DIGEST)).isEqualTo("latest");
    }

    @Test
    void whatIsNoNameHasNoTag() {
        assertThat(ImageName.tag("NotLower//bad::ref")).isEmpty();
        assertThat(ImageName.tag("")).isEmpty();
    }
}
