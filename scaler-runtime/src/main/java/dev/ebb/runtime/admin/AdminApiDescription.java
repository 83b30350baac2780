package dev.ebb.runtime.admin;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * Completes a service's OpenAPI description by what all admin APIs have in common: bearer tokens,
 * and problem details for every error that an operation may answer. Stateless.
 */
public final class AdminApiDescription implements OpenApiCustomizer {

  private static final String PROBLEM = "Problem";
  private static final String TOKEN = "token";
  private static final String PROBLEM_TYPE = "application/problem+json";

  private final String service;

  /** Describes the API of a service. */
  public AdminApiDescription(String service) {
    this.service = service;
  }

  @Override
  public void customise(OpenAPI api) {
    api.info(
        new Info()
            .title("Ebb " + service + " admin API")
            .version("v1")
            .description("What the " + service + " does and why, and what you may ask of it."));
    // The address that springdoc sees is that of one port-forward.
    api.setServers(null);
    Components components = api.getComponents() == null ? new Components() : api.getComponents();
    components.addSchemas(PROBLEM, problem());
    components.addSecuritySchemes(
        TOKEN,
        new SecurityScheme()
            .type(SecurityScheme.Type.HTTP)
            .scheme("bearer")
            .description("A token for the audience ebb: kubectl create token NAME --audience=ebb"));
    api.setComponents(components);
    api.setSecurity(List.of(new SecurityRequirement().addList(TOKEN)));
    if (api.getPaths() != null) {
      api.getPaths().forEach(AdminApiDescription::errors);
    }
  }

  private static void errors(String path, PathItem item) {
    boolean one = path.contains("{");
    item.readOperationsMap()
        .forEach((method, operation) -> {
          boolean changes = method != PathItem.HttpMethod.GET;
          add(operation, "401", "No valid token for the audience ebb");
          add(operation, "403", "The token's holder lacks the right");
          add(operation, "406", "Something else than JSON was asked for");
          add(operation, "500", "An unexpected error, or Kubernetes refuses Ebb");
          add(operation, "503", "Kubernetes does not answer; try again");
          if (one) {
            add(operation, "404", "There is no such object");
          }
          if (changes) {
            add(operation, "400", "The request is wrong; the member field says where");
            add(operation, "409", "The object is in a state in which this cannot be done");
          }
        });
  }

  private static void add(Operation operation, String code, String description) {
    ApiResponses responses = operation.getResponses();
    if (responses == null) {
      responses = new ApiResponses();
      operation.setResponses(responses);
    }
    responses.put(
        code,
        new ApiResponse()
            .description(description)
            .content(
                new Content()
                    .addMediaType(
                        PROBLEM_TYPE,
                        new MediaType()
                            .schema(
                                new Schema<Object>().$ref("#/components/schemas/" + PROBLEM)))));
  }

  private static Schema<?> problem() {
    ObjectSchema problem = new ObjectSchema();
    problem.setDescription("Problem details as RFC 9457 defines them");
    problem.setProperties(
        Map.of(
            "type",
            new StringSchema(),
            "title",
            new StringSchema(),
            "status",
            new IntegerSchema(),
            "detail",
            new StringSchema().description("What is wrong and what to do"),
            "instance",
            new StringSchema(),
            Problems.REASON,
            new StringSchema().description("One CamelCase word"),
            Problems.FIELD,
            new StringSchema().description("The field that is wrong, with 400")));
    return problem;
  }
}
