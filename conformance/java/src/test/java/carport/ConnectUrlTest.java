package carport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.smartcar.sdk.AuthClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;

/** {@code AuthClient.authUrlBuilder}: Connect takes what it builds. */
class ConnectUrlTest {
    private static final String[] SCOPE = {"required:read_vin", "read_odometer"};

    /** Where the first answer leads to, within the run. */
    private static HttpResponse<String> open(String url) throws Exception {
        HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void leadsTo(String page, String url) throws Exception {
        HttpResponse<String> answer = open(url);
        assertEquals(302, answer.statusCode(), answer.body());
        String location = answer.headers().firstValue("location").orElseThrow();
        assertTrue(location.matches("/connect/[^/]+/" + page), location);
    }

    @Test
    void whatEveryUrlHas() throws Exception {
        HttpUrl url = HttpUrl.get(Owner.client().authUrlBuilder(SCOPE).build());
        assertEquals(Ready.url(), url.scheme() + "://" + url.host() + ":" + url.port());
        assertEquals("/oauth/authorize", url.encodedPath());
        assertEquals("code", url.queryParameter("response_type"));
        assertEquals("test", url.queryParameter("mode"));
        assertEquals("required:read_vin read_odometer", url.queryParameter("scope"));
        leadsTo("start", url.toString());
    }

    @Test
    void whatMayBeAdded() throws Exception {
        AuthClient client = Owner.client();
        leadsTo("start", client.authUrlBuilder(SCOPE)
                .state("a b/+=")
                .approvalPrompt(true)
                .makeBypass("FORD")
                .singleSelect(true)
                .addFlag("country", "US")
                .addFlag("pizza", true)
                .build());
        leadsTo("start", client.authUrlBuilder(SCOPE).approvalPrompt(false).singleSelect(false).build());
        // The SDK sends single_select twice here (Connect contract A.2, rule 2).
        String url = client.authUrlBuilder(SCOPE).singleSelect(true).singleSelectVin("0SCAUDI037A5ADB1C").build();
        assertEquals(2, HttpUrl.get(url).queryParameterValues("single_select").size());
        leadsTo("start", url);
    }

    @Test
    void whatConnectRefuses() throws Exception {
        // With an application that is known, on a page of the run; otherwise at once.
        leadsTo("error", Owner.client().authUrlBuilder(SCOPE).makeBypass("NO_SUCH_MAKE").build());
        leadsTo("error", Owner.client().authUrlBuilder(new String[] {"no_such_permission"}).build());
        AuthClient stranger = new AuthClient.Builder().clientId("00000000-0000-0000-0000-000000000000").build();
        assertEquals(400, open(stranger.authUrlBuilder(SCOPE).build()).statusCode());
        AuthClient lost = new AuthClient.Builder().redirectUri("https://elsewhere.example.net").build();
        assertEquals(400, open(lost.authUrlBuilder(SCOPE).build()).statusCode());
    }
}
