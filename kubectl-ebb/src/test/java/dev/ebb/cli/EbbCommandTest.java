package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class EbbCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... words) {
    return EbbCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words);
  }

  private static List<String> verbs() {
    return List.copyOf(EbbCommand.commandLine().getSubcommands().keySet());
  }

  @Test
  void theHelpNamesEveryVerbAndTheExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains(verbs())
        .contains("Exit codes: 0 done, 1 refused, 2 wrong usage, 3");
    assertThat(verbs())
        .contains(
            "status", "why", "wake", "sleep", "pause", "resume", "retry", "freeze", "unfreeze");
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbHasAHelpOfItsOwn(String verb) {
    CommandLine command = EbbCommand.commandLine().getSubcommands().get(verb);

    assertThat(command.getUsageMessage(CommandLine.Help.Ansi.OFF)).contains("Usage:", verb);
    assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wake                | NAME",
        "pause               | NAME",
        "wake Shop_1         | is not the name of a ScaledResource",
        "wake ../../nodes    | is not the name of a ScaledResource",
        "status -o xml       | --output",
        "freeze              | -A",
        "freeze -A -n shop   | mutually exclusive",
        "simulate shop       | simulate is for ScalingSchedules",
        "simulate            | or give a file with -f",
        "simulate shop --servers 3 | and for NodeBuffers, as in nbuf/shop",
        "simulate -f x --servers 3 | --servers and --at: are for NodeBuffers",
        "wake ss/shop        | wake is for ScaledResources",
        "pause sdc/shop-2    | pause is for ScaledResources and ServiceScalers and"
            + " ScalingSchedules",
        "skip shop           | skip is for ScaleDownCleanups",
        "retry ss/shop       | retry is for ScaledResources and ScaleDownCleanups",
        "route shop          | --services",
        "route shop --services 0 | at least one Service",
        "route shop --services 6 --address localhost | no first part",
        "sttus               | status",
        "status --colour     | --colour"
      })
  void whatIsWrittenWronglyIsNamed(String line, String named) {
    assertThat(run(line.strip().split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).contains(named);
  }

  @Test
  void aKeyIsRoutedAsTheClientsRouteIt() {
    assertThat(run("route", "ghcr.io/socialgouv/3s", "--services", "6")).isZero();
    assertThat(
            run("route", "/myproject/app", "--services", "8", "--address", "tcp://b.builds.svc:1"))
        .isZero();
    assertThat(out.toString().lines()).containsExactly("4", "tcp://b-7.b.builds.svc:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop", "sr/shop", "scaledresource/shop", "scaledresources.ebb.dev/shop"})
  void namesAreTakenAsKubectlWritesThem(String name) {
    CommandLine.ParseResult parsed = EbbCommand.commandLine().parseArgs("why", name, "-n", "x");
    Names names = (Names) parsed.subcommand().commandSpec().mixins().get("names").userObject();

    assertThat(names.list()).containsExactly(new Kind.Named(Kind.SCALED_RESOURCE, "shop"));
  }

  @Test
  void theAccountIsTheReleasesUnlessAnotherIsNamed() {
    assertThat(access("status").account()).containsExactly("ebb-system", "ebb-cli");
    assertThat(access("status").token()).isNull();
    assertThat(access("status", "--release=x", "--ebb-namespace=y").account())
        .containsExactly("y", "x-cli");
    assertThat(access("status", "--service-account=mine").account())
        .containsExactly("ebb-system", "mine");
    assertThat(access("status", "--service-account=shop/mine").account())
        .containsExactly("shop", "mine");
  }

  private static Access access(String... words) {
    CommandLine.ParseResult parsed = EbbCommand.commandLine().parseArgs(words);
    return (Access) parsed.subcommand().commandSpec().mixins().get("access").userObject();
  }
}
