package dev.ebb.autoscaler.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventStreamDecoderTest {

  private static final String STREAM =
      "data: {\"a\":1}\n\n:comment\nevent: x\nid: 7\ndata:{\"b\":\"é€😀\"}\r\n\r\n\n\nretry: 5\n\n"
          + "data: one\ndata: two\ndata:  three\n\ndata\nfoo:bar\n\ndata: last\n\n"
          + "data: unfinished\n";
  private static final List<String> EVENTS =
      List.of("{\"a\":1}", "{\"b\":\"é€😀\"}", "one\ntwo\n three", "last");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> decode(byte[] stream, int... cuts) {
    EventStreamDecoder decoder = new EventStreamDecoder();
    List<String> events = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      events.addAll(decoder.accept(Arrays.copyOfRange(stream, from, cut)));
      from = cut;
    }
    events.addAll(decoder.accept(Arrays.copyOfRange(stream, from, stream.length)));
    return events;
  }

  @Test
  void readsEventsAsBrowsersDo() {
    assertThat(decode(bytes(STREAM))).isEqualTo(EVENTS);
  }

  @Test
  void everyCutOfTheStreamGivesTheSameEvents() {
    byte[] stream = bytes(STREAM);
    for (int first = 0; first <= stream.length; first++) {
      for (int second = first; second <= stream.length; second++) {
        assertThat(decode(stream, first, second))
            .as("cut at %d, %d", first, second)
            .isEqualTo(EVENTS);
      }
    }
  }

  @Test
  void anyNumberOfCutsGivesTheSameEvents() {
    byte[] stream = bytes(STREAM);
    for (long seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      int[] cuts = random.ints(random.nextInt(40), 0, stream.length + 1).sorted().toArray();
      assertThat(decode(stream, cuts)).as("seed %d", seed).isEqualTo(EVENTS);
    }
  }

  @Test
  void givesAnEventAsSoonAsItIsComplete() {
    EventStreamDecoder decoder = new EventStreamDecoder();

    assertThat(decoder.accept(bytes("data: a\n"))).isEmpty();
    assertThat(decoder.accept(bytes("\n"))).containsExactly("a");
    assertThat(decoder.accept(bytes("\n"))).isEmpty();
    assertThat(decoder.accept(bytes("data: b\n\ndata: c\n\ndata: d"))).containsExactly("b", "c");
    assertThat(decoder.accept(bytes("\n\n"))).containsExactly("d");
  }

  @ParameterizedTest
  @CsvSource({"'data: x',x", "'data:x',x", "'data:  x',' x'", "'data: x ','x '", "'data: :',:"})
  void takesOneLeadingSpaceAway(String line, String data) {
    assertThat(decode(bytes(line + "\n\n"))).containsExactly(data);
  }

  @ParameterizedTest
  @CsvSource({"':data: x'", "'event: x'", "'dat: x'", "' data: x'", "'Data: x'", "''"})
  void whatIsNoDataGivesNoEvent(String line) {
    assertThat(decode(bytes(line + "\n\n"))).isEmpty();
  }

  @Test
  void aLineWithoutEndDoesNotFillTheMemory() {
    EventStreamDecoder decoder = new EventStreamDecoder();
    byte[] chunk = new byte[1 << 20];
    Arrays.fill(chunk, (byte) 'x');

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 65; i++) {
                decoder.accept(chunk);
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("longer than");
  }
}
