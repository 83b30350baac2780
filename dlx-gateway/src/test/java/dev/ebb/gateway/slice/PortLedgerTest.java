package dev.ebb.gateway.slice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortLedgerTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private final PortLedger empty = new PortLedger(Map.of());

  @Test
  void givesEachServicePortOneOfItsOwn() {
    PortLedger ledger = empty;
    Set<Integer> numbers = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      String key = PortLedger.key("uid" + i, "");
      ledger = ledger.allocate(key, NOW);
      numbers.add(ledger.find(key).getAsInt());
    }

    assertThat(numbers).hasSize(50).allMatch(n -> n >= PortLedger.FIRST && n <= PortLedger.LAST);
  }

  @Test
  void askingAgainChangesNothing() {
    PortLedger once = empty.allocate("a.http", NOW);

    assertThat(once.allocate("a.http", NOW)).isSameAs(once);
  }

  @Test
  void aPortRestsForADayAndThenServesAnother() {
    PortLedger released = empty.allocate("a.http", NOW).release("a", NOW);
    assertThat(released.find("a.http")).isEmpty();

    PortLedger tooEarly = released.allocate("b.http", NOW.plus(Duration.ofHours(23)));
    PortLedger later = released.allocate("b.http", NOW.plus(Duration.ofHours(25)));

    assertThat(tooEarly.find("b.http")).hasValue(PortLedger.FIRST + 1);
    assertThat(later.find("b.http")).hasValue(PortLedger.FIRST);
  }

  @Test
  void theSameServiceGetsItsPortBack() {
    PortLedger ledger = empty.allocate("a.http", NOW).allocate("b.http", NOW).release("b", NOW);

    assertThat(ledger.allocate("b.http", NOW.plusSeconds(1)).find("b.http"))
        .hasValue(PortLedger.FIRST + 1);
  }

  @Test
  void anExhaustedRangeGivesNothingAndBreaksNothing() {
    Map<String, String> all = new java.util.HashMap<>();
    for (int port = PortLedger.FIRST; port <= PortLedger.LAST; port++) {
      all.put("s" + port + ".http", Integer.toString(port));
    }
    PortLedger full = new PortLedger(all);

    assertThat(full.allocate("new.http", NOW).find("new.http")).isEmpty();
  }
}
