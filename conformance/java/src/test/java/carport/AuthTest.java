package carport;

import static carport.Expect.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.smartcar.sdk.AuthClient;
import com.smartcar.sdk.Smartcar;
import com.smartcar.sdk.SmartcarAuthOptions;
import com.smartcar.sdk.data.Auth;
import java.util.Date;
import org.junit.jupiter.api.Test;

/** {@code AuthClient} but for its Connect URL: codes and tokens. */
class AuthTest {
    private static final long HOUR = 3_600_000;
    private static final SmartcarAuthOptions FLAGS =
            new SmartcarAuthOptions.Builder().addFlag("country", "DE").addFlag("flag", true).build();

    private static void isPair(Auth auth) {
        assertTrue(auth.getAccessToken().matches(".{36}"));
        assertTrue(auth.getRefreshToken().matches(".{36}"));
        assertFalse(auth.isExpired());
        assertFalse(Smartcar.isExpired(auth.getExpiration()));
        long left = auth.getExpiration().getTime() - System.currentTimeMillis();
        assertTrue(left > 2 * HOUR - 60_000 && left <= 2 * HOUR, left + " ms");
        long days = (auth.getRefreshExpiration().getTime() - System.currentTimeMillis()) / HOUR / 24;
        assertTrue(days >= 59 && days <= 60, days + " days");
        assertFalse(auth.toString().isBlank());
    }

    @Test
    void theClientKnowsItsApplication() throws Exception {
        AuthClient client = Owner.client();
        assertEquals(Ready.application("clientId"), client.getClientId());
        assertEquals(Ready.application("clientSecret"), client.getClientSecret());
        assertEquals(System.getenv("SMARTCAR_REDIRECT_URI"), client.getRedirectUri());
        AuthClient other = new AuthClient.Builder().clientId("a").clientSecret("b").redirectUri("c").build();
        assertEquals("a b c", other.getClientId() + " " + other.getClientSecret() + " " + other.getRedirectUri());
        assertThrows(Exception.class, () -> new AuthClient.Builder().clientId(null).build());
    }

    @Test
    void exchangeCode() throws Exception {
        isPair(Owner.client().exchangeCode(Owner.code("CHEVROLET", Owner.email(), Owner.ALL)));
        isPair(Owner.client().exchangeCode(Owner.code("FORD", Owner.email(), Owner.ALL), FLAGS));
        assertEquals("country:DE flag:true", FLAGS.getFlags());
    }

    @Test
    void exchangeCodeFails() throws Exception {
        AuthClient client = Owner.client();
        String description = "Invalid code: bad code here.";
        refused(400, "invalid_request", description, () -> client.exchangeCode("bad code here"));
        refused(400, "invalid_request", description, () -> client.exchangeCode("bad code here", FLAGS));
        AuthClient stranger = new AuthClient.Builder().clientSecret("wrong").build();
        refused(401, "invalid_client", null, () -> stranger.exchangeCode("any"));
        String code = Owner.code("CHEVROLET", Owner.email(), Owner.ALL);
        isPair(client.exchangeCode(code));
        refused(400, "invalid_request", "Invalid code: " + code + ".", () -> client.exchangeCode(code));
    }

    @Test
    void exchangeRefreshToken() throws Exception {
        AuthClient client = Owner.client();
        Auth first = Owner.volt().auth();
        Auth second = client.exchangeRefreshToken(first.getRefreshToken());
        isPair(second);
        isPair(client.exchangeRefreshToken(second.getRefreshToken(), FLAGS));
        assertNotEquals(first.getAccessToken(), second.getAccessToken());
        assertNotEquals(first.getRefreshToken(), second.getRefreshToken());
        String user = Smartcar.getUser(first.getAccessToken()).getId();
        assertEquals(user, Smartcar.getUser(second.getAccessToken()).getId());
    }

    @Test
    void exchangeRefreshTokenFails() throws Exception {
        AuthClient client = Owner.client();
        String description = "Invalid refresh_token: bad-token.";
        refused(400, "invalid_request", description, () -> client.exchangeRefreshToken("bad-token"));
        refused(400, "invalid_request", description, () -> client.exchangeRefreshToken("bad-token", FLAGS));
    }

    @Test
    void isExpired() {
        assertTrue(Smartcar.isExpired(new Date(System.currentTimeMillis() - 1)));
        assertFalse(Smartcar.isExpired(new Date(System.currentTimeMillis() + HOUR)));
        assertTrue(new Auth("a", "b", new Date(0), new Date(0)).isExpired());
    }
}
