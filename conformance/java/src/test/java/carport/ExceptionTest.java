package carport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.smartcar.sdk.SmartcarException;
import com.smartcar.sdk.Utils;
import com.smartcar.sdk.Vehicle;
import com.smartcar.sdk.data.ApiData;
import com.smartcar.sdk.data.Meta;
import com.smartcar.sdk.data.VehicleCharge;
import org.junit.jupiter.api.Test;

/** How the SDK tells of errors, and what is left of its public methods. */
class ExceptionTest {
    @Test
    void aLinkThatMendsTheAccount() throws Exception {
        Owner.Shared troubled = Owner.troubled("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED");
        SmartcarException error = Expect.fails(400, "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED",
                "REAUTHENTICATE", troubled.vehicle()::odometer);
        String url = error.getResolutionUrl();
        assertTrue(url.startsWith(Ready.url() + "/oauth/reauthenticate?"), url);
        assertTrue(url.contains("vehicle_id=" + troubled.id()), url);
    }

    @Test
    void theFieldsOfAMistake() throws Exception {
        Vehicle bad = new Vehicle("bad_id", Owner.shy().auth().getAccessToken());
        SmartcarException error = Expect.invalid(bad::odometer);
        assertTrue(error.getDetail().get(0).getAsJsonObject().has("message"), error.getDetail().toString());
        assertNull(error.getResolutionUrl());
    }

    @Test
    void permanentAndPassingTrouble() throws Exception {
        Expect.fails(501, "COMPATIBILITY", "SMARTCAR_NOT_CAPABLE", null,
                Owner.troubled("COMPATIBILITY", "SMARTCAR_NOT_CAPABLE").vehicle()::odometer);
        Expect.fails(502, "UPSTREAM", "NO_RESPONSE", "RETRY_LATER",
                Owner.troubled("UPSTREAM", "NO_RESPONSE").vehicle()::odometer);
        Vehicle tesla = Owner.connect("TESLA", Owner.email(), "read_fuel read_battery").vehicle();
        Expect.fails(501, "COMPATIBILITY", "VEHICLE_NOT_CAPABLE", null, tesla::fuel);
        assertTrue(tesla.battery().getRange() > 0);
    }

    /** Methods that ask nobody. */
    @Test
    void plainData() throws Exception {
        VehicleCharge charge = Owner.volt().vehicle().charge();
        charge.setState("CHARGING");
        assertEquals("CHARGING", charge.getState());
        ApiData<String> data = new ApiData<>("anything");
        data.setMeta(new Meta());
        assertNotNull(data.getMeta());
        assertNull(data.getMeta().getDataAge());
        assertTrue(data.toString().contains("anything"));
        assertEquals("scDataAge", Utils.toCamelCase("scDataAge"));
        SmartcarException error = SmartcarException.Factory(
                418, new com.google.gson.JsonObject(), new com.google.gson.JsonObject());
        assertEquals("SDK_ERROR", error.getType());
    }
}
