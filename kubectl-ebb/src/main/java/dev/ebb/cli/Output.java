package dev.ebb.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** How answers are shown. */
final class Output {

  /** The forms. */
  enum Form {
    /** For people. */
    table,
    /** As the API answers. */
    json,
    /** The same as YAML. */
    yaml
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES} [${DEFAULT-VALUE}]")
  private Form form = Form.table;

  /**
   * Writes an answer.
   *
   * @param people writes it for people
   */
  void print(PrintWriter out, JsonNode answer, Consumer<PrintWriter> people) {
    switch (form) {
      case table -> people.accept(out);
      case json ->
          out.println(
              JsonMapper.builder()
                  .enable(SerializationFeature.INDENT_OUTPUT)
                  .build()
                  .writeValueAsString(answer));
      case yaml ->
          out.print(
              YAMLMapper.builder()
                  .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                  .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                  .build()
                  .writeValueAsString(answer));
    }
    out.flush();
  }
}
