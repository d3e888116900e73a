package io.agentvault.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Evidence §2 and §4 as an independent implementation computes them. */
class EvidenceVectorsTest {
  @Test
  void theRunningHashIsThatOfTheVectors() throws IOException {
    JsonNode vector = vector("running-hash");
    RunningHash hash = RunningHash.start(vector.path("agent").asText());
    List<String> hashes = new ArrayList<>(List.of(hash.hex()));
    for (JsonNode record : vector.path("records")) {
      hash = hash.then(record.path("key").asText(), record.path("record").asText());
      hashes.add(hash.hex());
    }
    assertThat(hashes).hasSize(4).isEqualTo(texts(vector.path("hashes")));
    assertThat(hash.records()).isEqualTo(3);
  }

  @Test
  void rootsAndPathsAreThoseOfTheVectors() throws IOException {
    JsonNode trees = vector("trees").path("trees");
    assertThat(trees).hasSize(11);
    for (JsonNode each : trees) {
      MerkleTree tree = new MerkleTree(texts(each.path("heads")));
      assertThat(tree.root()).isEqualTo(each.path("root").asText());
      for (int i = 0; i < tree.size(); i++) {
        assertThat(tree.path(i)).isEqualTo(texts(each.path("paths").path(i)));
      }
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static JsonNode vector(String name) throws IOException {
    try (InputStream file =
        EvidenceVectorsTest.class.getResourceAsStream("/vectors/evidence/" + name + ".json")) {
      return new ObjectMapper().readTree(file);
    }
  }
}
