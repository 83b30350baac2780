package dev.ebb.testkit.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiRequestTest {

  static ApiRequest request(String method, String uri) {
    return ApiRequest.of("c", method, uri, "", "", "", Instant.EPOCH);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      emptyValue = "",
      value = {
        "GET,/api/v1/services,list,services,'','',''",
        "GET,/api/v1/services?watch=true&x=y,watch,services,'','',''",
        "GET,/api/v1/namespaces/n,get,namespaces,'',n,''",
        "GET,/api/v1/namespaces/n/pods,list,pods,n,'',''",
        "GET,/api/v1/namespaces/n/pods/p,get,pods,n,p,''",
        "PATCH,/apis/apps/v1/namespaces/n/deployments/d/scale?force=true,patch,deployments,n,d,scale",
        "POST,/apis/ebb.dev/v1alpha1/namespaces/n/scaledresources,create,scaledresources,n,'',''",
        "DELETE,/apis/apps/v1/namespaces/n/deployments/d,delete,deployments,n,d,''",
        "GET,/apis/apps/v1,list,'','','',''",
        "GET,/version,list,'','','',''",
      })
  void readsWhatAPathIsAbout(
      String method,
      String uri,
      String verb,
      String resource,
      String namespace,
      String name,
      String subresource) {
    ApiRequest request = request(method, uri);

    assertThat(request.verb()).isEqualTo(verb);
    assertThat(request.resource()).isEqualTo(resource);
    assertThat(request.namespace()).isEqualTo(namespace);
    assertThat(request.name()).isEqualTo(name);
    assertThat(request.subresource()).isEqualTo(subresource);
  }

  @Test
  void knowsWhatChangesSomething() {
    assertThat(request("POST", "/apis/authentication.k8s.io/v1/tokenreviews").changes()).isFalse();
    assertThat(request("POST", "/api/v1/namespaces/n/events").changes()).isTrue();
    assertThat(request("GET", "/api/v1/namespaces/n/events").changes()).isFalse();
  }

  @Test
  void matchesAreReadableAndExact() {
    Match match = Match.writes().of("services", "deployments/scale").from("c");

    assertThat(match.what()).isEqualTo("writes of services|deployments/scale from c");
    assertThat(match.test(request("PATCH", "/api/v1/namespaces/n/services/s"))).isTrue();
    assertThat(match.test(request("PATCH", "/api/v1/namespaces/n/services/s/status"))).isFalse();
    assertThat(match.test(request("GET", "/api/v1/namespaces/n/services/s"))).isFalse();
    String leases = "/apis/coordination.k8s.io/v1/namespaces/n/leases";
    assertThat(Match.writes().test(request("POST", leases))).isFalse();
    assertThat(Match.leases().test(request("POST", leases))).isTrue();
  }

  @Test
  void countsWhatIsSparedAndWhatIsStruck() {
    assertThat(Often.only(2).happens(0, 0)).isFalse();
    assertThat(Often.only(2).happens(1, 0)).isTrue();
    assertThat(Often.only(2).happens(2, 0)).isFalse();
    assertThat(Often.first(2).happens(1, 0.99)).isTrue();
    assertThat(Often.sometimes(0.1).happens(9, 0.2)).isFalse();
    assertThat(Often.sometimes(0.1).happens(9, 0.05)).isTrue();
  }
}
