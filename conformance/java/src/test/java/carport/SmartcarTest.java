package carport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.smartcar.sdk.Smartcar;
import com.smartcar.sdk.SmartcarException;
import com.smartcar.sdk.data.RequestPaging;
import com.smartcar.sdk.data.User;
import com.smartcar.sdk.data.VehicleIds;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The static methods of {@code Smartcar}, but for compatibility. */
class SmartcarTest {
    @AfterEach
    void usualVersion() {
        Smartcar.setApiVersion("2.0");
    }

    @Test
    void getUser() throws Exception {
        User user = Smartcar.getUser(Owner.volt().auth().getAccessToken());
        Expect.values(user, Map.of("id", Expect.uuid()));
        Expect.meta(user, false, null);
        Expect.unauthenticated(() -> Smartcar.getUser("abc"));
    }

    @Test
    void getVehicles() throws Exception {
        String token = Owner.connect("CHEVROLET", "12-vehicles@smartcar.com", "read_vin").auth().getAccessToken();
        VehicleIds first = Smartcar.getVehicles(token);
        assertEquals(10, first.getVehicleIds().length);
        assertEquals(12, first.getPaging().getCount());
        assertEquals(0, first.getPaging().getOffset());
        Expect.meta(first, false, null);
        RequestPaging paging = new RequestPaging(5, 10);
        assertEquals("5 10", paging.getLimit() + " " + paging.getOffset());
        VehicleIds rest = Smartcar.getVehicles(token, paging);
        assertEquals(2, rest.getVehicleIds().length);
        assertEquals(10, rest.getPaging().getOffset());
        Set<String> all = new HashSet<>(List.of(first.getVehicleIds()));
        all.addAll(List.of(rest.getVehicleIds()));
        assertEquals(12, all.size());
        for (Object printed : new Object[] {first, first.getPaging(), paging}) {
            assertFalse(printed.toString().isBlank());
        }
        assertArrayEquals(new String[0], Smartcar.getVehicles(token, new RequestPaging(1, 12)).getVehicleIds());
    }

    @Test
    void getVehiclesFails() throws Exception {
        String token = Owner.shy().auth().getAccessToken();
        Expect.unauthenticated(() -> Smartcar.getVehicles("abc"));
        Expect.unauthenticated(() -> Smartcar.getVehicles("abc", new RequestPaging(1, 0)));
        Expect.invalid(() -> Smartcar.getVehicles(token, new RequestPaging(51, 0)));
        Expect.invalid(() -> Smartcar.getVehicles(token, new RequestPaging(1, -1)));
    }

    @Test
    void setApiVersion() throws Exception {
        String token = Owner.shy().auth().getAccessToken();
        // Any number is served like the newest version, and nothing else is (REST contract 1.1).
        Smartcar.setApiVersion("99999999.99");
        Expect.values(Smartcar.getUser(token), Map.of("id", Expect.uuid()));
        Smartcar.setApiVersion("Johnny Appleseed");
        Expect.fails(404, "RESOURCE_NOT_FOUND", "VERSION", null, () -> Smartcar.getUser(token));
    }

    /** HMAC-SHA256 under the management token; test vector of RFC 4231, 4.3. */
    @Test
    void challengesAndPayloads() throws Exception {
        String hash = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assertEquals(hash, Smartcar.hashChallenge("Jefe", "what do ya want for nothing?"));
        assertTrue(Smartcar.verifyPayload("Jefe", hash, "what do ya want for nothing?"));
        assertFalse(Smartcar.verifyPayload("Jefe", hash, "what do ya want for something?"));
        assertThrows(SmartcarException.class, () -> Smartcar.hashChallenge("", "an empty key is none"));
    }
}
