package carport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.smartcar.sdk.SmartcarVehicleRequest;
import com.smartcar.sdk.Vehicle;
import com.smartcar.sdk.data.VehicleResponse;
import java.util.Map;
import java.util.Set;
import javax.json.Json;
import org.junit.jupiter.api.Test;

/**
 * {@code Vehicle.request}, which is also how this version of the SDK reaches endpoints that it has no method for.
 */
class RequestTest {
    private static SmartcarVehicleRequest.Builder get(String path) {
        return new SmartcarVehicleRequest.Builder().method("GET").path(path);
    }

    private static JsonObject body(VehicleResponse answer, String... members) throws Exception {
        assertEquals(Set.of(members), answer.getBody().keySet());
        assertEquals(answer.getBody().toString(), answer.getBodyAsString());
        return answer.getBody();
    }

    @Test
    void aRequestKeepsWhatItWasGiven() throws Exception {
        SmartcarVehicleRequest request = new SmartcarVehicleRequest.Builder()
                .method("POST").path("charge")
                .addHeader("sc-unit-system", "imperial")
                .addBodyParameter("action", "START")
                .addFlag("country", "DE").addFlag("flag", true)
                .build();
        assertEquals("POST charge", request.getMethod() + " " + request.getPath());
        assertEquals(Map.of("sc-unit-system", "imperial"), request.getHeaders());
        assertEquals("country:DE flag:true", request.getFlags());
        assertNotNull(request.getBody());
        assertThrows(Exception.class, () -> new SmartcarVehicleRequest.Builder().path("x").build());
    }

    @Test
    void readsWithHeadersAndFlags() throws Exception {
        Vehicle vehicle = Owner.volt().vehicle();
        VehicleResponse answer = vehicle.request(
                get("odometer").addHeader("sc-unit-system", "imperial").addFlag("pizza", "pasta").build());
        assertTrue(body(answer, "distance").get("distance").getAsDouble() > 0);
        Expect.meta(answer, true, "imperial");
    }

    @Test
    void requestFails() throws Exception {
        Vehicle vehicle = Owner.shy().vehicle();
        Expect.notPermitted(() -> vehicle.request(get("odometer").build()));
        Expect.fails(404, "RESOURCE_NOT_FOUND", "PATH", null,
                () -> vehicle.request(get("no_such_thing").build()));
    }

    @Test
    void batchOfItsOwnMaking() throws Exception {
        SmartcarVehicleRequest request = new SmartcarVehicleRequest.Builder()
                .method("POST").path("batch")
                .addBodyParameter("requests", Json.createArrayBuilder()
                        .add(Json.createObjectBuilder().add("path", "odometer")).build())
                .build();
        JsonObject item = body(Owner.volt().vehicle().request(request), "responses")
                .getAsJsonArray("responses").get(0).getAsJsonObject();
        assertEquals(Set.of("path", "code", "body", "headers"), item.keySet());
        assertEquals("/odometer", item.get("path").getAsString());
        assertEquals(200, item.get("code").getAsInt());
    }

    @Test
    void nominalCapacity() throws Exception {
        Vehicle vehicle = Owner.volt().vehicle();
        VehicleResponse answer = vehicle.request(get("battery/nominal_capacity").build());
        JsonObject capacity = body(answer, "availableCapacities", "capacity", "url").getAsJsonObject("capacity");
        assertEquals(Set.of("nominal", "source"), capacity.keySet());
        assertTrue(capacity.get("nominal").getAsDouble() > 0);
        Expect.meta(answer, true, null);
        Vehicle shy = Owner.shy().vehicle();
        Expect.notPermitted(() -> shy.request(get("battery/nominal_capacity").build()));
    }

    @Test
    void chargeLimit() throws Exception {
        Vehicle vehicle = Owner.volt().vehicle();
        VehicleResponse answer = vehicle.request(get("charge/limit").build());
        double limit = body(answer, "limit").get("limit").getAsDouble();
        assertTrue(limit > 0 && limit <= 1, String.valueOf(limit));
        Expect.meta(answer, true, null);
        // A number that arrives as text is taken (REST contract 1.3).
        SmartcarVehicleRequest.Builder set = new SmartcarVehicleRequest.Builder().method("POST").path("charge/limit");
        VehicleResponse done = vehicle.request(set.addBodyParameter("limit", "0.7").build());
        assertEquals("success", body(done, "status", "message").get("status").getAsString());
        SmartcarVehicleRequest low = new SmartcarVehicleRequest.Builder().method("POST").path("charge/limit")
                .addBodyParameter("limit", "0.4").build();
        Expect.invalid(() -> vehicle.request(low));
    }

    @Test
    void security() throws Exception {
        Vehicle vehicle = Owner.volt().vehicle();
        VehicleResponse answer = vehicle.request(get("security").build());
        JsonObject body =
                body(answer, "isLocked", "doors", "windows", "sunroof", "storage", "chargingPort");
        assertTrue(body.getAsJsonPrimitive("isLocked").isBoolean());
        body.getAsJsonArray("doors").forEach(door ->
                assertEquals(Set.of("type", "status"), door.getAsJsonObject().keySet()));
        Expect.meta(answer, true, null);
        Vehicle shy = Owner.shy().vehicle();
        Expect.notPermitted(() -> shy.request(get("security").build()));
    }

    @Test
    void diagnostics() throws Exception {
        Vehicle vehicle = Owner.volt().vehicle();
        VehicleResponse systems = vehicle.request(get("diagnostics/system_status").build());
        JsonObject system = body(systems, "systems").getAsJsonArray("systems").get(0).getAsJsonObject();
        assertEquals(Set.of("systemId", "status", "description"), system.keySet());
        assertTrue(system.get("status").getAsString().matches("OK|ALERT"));
        VehicleResponse codes = vehicle.request(get("diagnostics/dtcs").build());
        JsonObject code = body(codes, "activeCodes").getAsJsonArray("activeCodes").get(0).getAsJsonObject();
        assertEquals(Set.of("code", "timestamp"), code.keySet());
        Expect.meta(codes, true, null);
        Vehicle shy = Owner.shy().vehicle();
        Expect.notPermitted(() -> shy.request(get("diagnostics/dtcs").build()));
    }
}
