package carport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.gson.JsonParser;
import com.smartcar.sdk.AuthClient;
import com.smartcar.sdk.Smartcar;
import com.smartcar.sdk.SmartcarVehicleOptions;
import com.smartcar.sdk.Vehicle;
import com.smartcar.sdk.data.Auth;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import okhttp3.HttpUrl;

/** Owners who consent without a browser, and what they share. */
final class Owner {
    /** What every read and command of the SDK needs. */
    static final String ALL = "required:read_vehicle_info required:read_vin read_odometer read_location read_fuel"
            + " read_battery read_charge read_engine_oil read_tires read_security read_diagnostics"
            + " control_security control_charge";

    /** What an application holds after an owner has allowed it. */
    record Shared(Auth auth, String id) {
        Vehicle vehicle() {
            return new Vehicle(id, auth.getAccessToken());
        }

        Vehicle vehicle(SmartcarVehicleOptions options) {
            return new Vehicle(id, auth.getAccessToken(), options);
        }
    }

    private Owner() {}

    static String email() {
        return UUID.randomUUID() + "@email.com";
    }

    static AuthClient client() throws Exception {
        return new AuthClient.Builder().testMode(true).build();
    }

    /** The code that comes back from Connect. */
    static String code(String brand, String user, String scope) throws Exception {
        Process process = new ProcessBuilder(System.getenv("CARPORT_BIN"), "connect", "--json",
                "--app", System.getenv("SMARTCAR_CLIENT_ID"), "--brand", brand, "--user", user, "--scope", scope)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), "carport connect");
        String address = JsonParser.parseString(printed).getAsJsonObject().get("redirectUrl").getAsString();
        String code = HttpUrl.get(address).queryParameter("code");
        assertNotNull(code, address);
        return code;
    }

    static Shared connect(String brand, String user, String scope) throws Exception {
        Auth auth = client().exchangeCode(code(brand, user, scope));
        return new Shared(auth, Smartcar.getVehicles(auth.getAccessToken()).getVehicleIds()[0]);
    }

    /** A car that can everything, with an owner of its own. */
    static Shared volt() throws Exception {
        return connect("CHEVROLET", email(), ALL);
    }

    /** A car of which nothing but the VIN may be known. */
    static Shared shy() throws Exception {
        return connect("CHEVROLET", email(), "read_vin");
    }

    /** A car that answers every request with this error. */
    static Shared troubled(String type, String code) throws Exception {
        return connect("CHEVROLET", type + "." + code + "@smartcar.com", ALL);
    }
}
