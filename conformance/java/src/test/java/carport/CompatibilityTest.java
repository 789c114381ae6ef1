package carport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.smartcar.sdk.Smartcar;
import com.smartcar.sdk.SmartcarCompatibilityRequest;
import com.smartcar.sdk.SmartcarException;
import com.smartcar.sdk.data.Compatibility;
import com.smartcar.sdk.data.Compatibility.Capability;
import org.junit.jupiter.api.Test;

/** {@code Smartcar.getCompatibility} (REST contract 4.1). */
class CompatibilityTest {
    private static SmartcarCompatibilityRequest.Builder asked(String vin, String... scope) {
        return new SmartcarCompatibilityRequest.Builder().vin(vin).scope(scope);
    }

    private static void is(Capability found, String permission, String endpoint, String reason) {
        assertEquals(permission, found.getPermission());
        assertEquals(endpoint, found.getEndpoint());
        assertEquals(reason == null, found.getCapable());
        assertEquals(reason, found.getReason());
        assertFalse(found.toString().isBlank());
    }

    @Test
    void aRequestKeepsWhatItWasGiven() throws Exception {
        SmartcarCompatibilityRequest request = asked("WAUAFAFL1GN014882", "read_vin")
                .country("DE").version("2.0").clientId("a").clientSecret("b")
                .addFlag("country", "DE").addFlag("flag", false)
                .testMode(true).testModeCompatibilityLevel("bev")
                .build();
        assertEquals("WAUAFAFL1GN014882", request.getVin());
        assertArrayEquals(new String[] {"read_vin"}, request.getScope());
        assertEquals("DE 2.0 a b", String.join(" ", request.getCountry(), request.getVersion(),
                request.getClientId(), request.getClientSecret()));
        assertEquals("country:DE flag:false", request.getFlags());
        assertTrue(request.getTestMode());
        assertEquals("bev", request.getTestModeCompatibilityLevel());
        assertThrows(Exception.class, () -> asked("WAUAFAFL1GN014882").clientId(null).build());
    }

    @Test
    void aCarThatCanSomeOfIt() throws Exception {
        Compatibility answer = Smartcar.getCompatibility(
                asked("5YJSA1E29LF403082", "read_odometer", "read_fuel").country("US").build());
        assertTrue(answer.getCompatible());
        assertNull(answer.getReason());
        assertEquals(2, answer.getCapabilities().length);
        is(answer.getCapabilities()[0], "read_odometer", "/odometer", null);
        is(answer.getCapabilities()[1], "read_fuel", "/fuel", "SMARTCAR_NOT_CAPABLE");
        Expect.meta(answer, false, null);
        assertFalse(answer.toString().isBlank());
    }

    @Test
    void oneEntryForEachEndpointOfAPermission() throws Exception {
        Compatibility answer = Smartcar.getCompatibility(
                asked("5YJXCDE22HF068739", "read_odometer", "read_location").build());
        assertEquals(2, answer.getCapabilities().length);
        is(answer.getCapabilities()[0], "read_odometer", "/odometer", null);
        is(answer.getCapabilities()[1], "read_location", "/location", null);
    }

    @Test
    void aCarThatIsNotCompatible() throws Exception {
        Compatibility answer = Smartcar.getCompatibility(
                asked("WBAKE5C58DJ107700", "read_odometer", "read_location").build());
        assertFalse(answer.getCompatible());
        assertEquals("VEHICLE_NOT_COMPATIBLE", answer.getReason());
        assertEquals(0, answer.getCapabilities().length);
    }

    @Test
    void testCarsByLevel() throws Exception {
        // Test VINs are known without test mode.
        Compatibility known = Smartcar.getCompatibility(
                asked("0SCGMCT0386A85356", "read_odometer", "read_fuel").build());
        is(known.getCapabilities()[1], "read_fuel", "/fuel", "VEHICLE_NOT_CAPABLE");
        Compatibility level = Smartcar.getCompatibility(asked("0SCGMCT0386A85356", "read_odometer")
                .testMode(true).testModeCompatibilityLevel("compatible").addFlag("flag", true).build());
        assertTrue(level.getCompatible());
    }

    @Test
    void mistakes() {
        Expect.invalid(() -> Smartcar.getCompatibility(asked("SHORT", "read_odometer").build()));
        SmartcarException unknown = Expect.invalid(() -> Smartcar.getCompatibility(
                asked("0SCGMCT0386A85356", "read_odometer")
                        .testMode(true).testModeCompatibilityLevel("no_such_level").build()));
        assertEquals("test_mode_compatibility_level",
                unknown.getDetail().get(0).getAsJsonObject().get("field").getAsString());
        Expect.unauthenticated(() -> Smartcar.getCompatibility(
                asked("5YJXCDE22HF068739", "read_odometer").clientSecret("wrong").build()));
    }
}
