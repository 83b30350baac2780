package dev.ebb.cleanup.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The predecessor's flags mean what they meant, as Go reads them. */
class FlagsTest {

  private static final Map<String, String> POD = Map.of("POD_NAMESPACE", "own");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | ''",
        "--localOnly | --ebb.watch-namespaces=own",
        "-localOnly=true --namespace=other | --ebb.watch-namespaces=other",
        "--namespace other --localOnly | --ebb.watch-namespaces=other",
        "--localOnly=false --namespace=other | ''",
        "--namespace=other | ''",
        "-kubeconfig /x | --ebb.kubeconfig=/x",
        "--leader-elect --leader-elect-lease-duration=15s --leader-elect-renew-deadline 10s | ''",
        "--leader-elect-resource-lock=configmaps --leader-election-namespace x | ''",
        "--alsologtostderr --v 3 | ''",
        "--server.port=1 --localOnly plain | --server.port=1 plain --ebb.watch-namespaces=own"
      })
  void translatesFlags(String words, String spring) {
    String[] given = words.isEmpty() ? new String[0] : words.split(" ", -1);

    assertThat(String.join(" ", Flags.of(given, POD))).isEqualTo(spring);
  }

  @Test
  void looksAtTheDefaultNamespaceOutsideOfAPod() {
    assertThat(Flags.of(new String[] {"--localOnly"}, Map.of()))
        .containsExactly("--ebb.watch-namespaces=default");
  }
}
