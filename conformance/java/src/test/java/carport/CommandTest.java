package carport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.smartcar.sdk.Vehicle;
import com.smartcar.sdk.data.ActionResponse;
import com.smartcar.sdk.data.DisconnectResponse;
import com.smartcar.sdk.data.UnsubscribeResponse;
import com.smartcar.sdk.data.WebhookSubscription;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What {@code Vehicle} changes: commands, subscriptions, and the end of a connection. */
class CommandTest {
    @FunctionalInterface
    private interface Command {
        ActionResponse to(Vehicle vehicle) throws Exception;
    }

    /** A command, and a state in which the car does not obey it (REST contract 2.12 and 2.16). */
    private record Row(String name, Command command, String state) {}

    private static final Row[] COMMANDS = {
        new Row("lock", Vehicle::lock, "DOOR_OPEN"),
        new Row("unlock", Vehicle::unlock, "IN_MOTION"),
        new Row("startCharge", Vehicle::startCharge, "CHARGING_PLUG_NOT_CONNECTED"),
        new Row("stopCharge", Vehicle::stopCharge, "NOT_CHARGING"),
    };

    @TestFactory
    Stream<DynamicTest> carsObey() {
        return Stream.of(COMMANDS).map(row -> DynamicTest.dynamicTest(row.name(), () -> {
            ActionResponse answer = row.command().to(Owner.volt().vehicle());
            Expect.values(answer, Map.of(
                    "status", Expect.equal("success"),
                    "message", Expect.equal("Successfully sent request to vehicle")));
            Expect.meta(answer, false, null);
        }));
    }

    @TestFactory
    Stream<DynamicTest> carsDoNotObey() {
        return Stream.of(COMMANDS).map(row -> DynamicTest.dynamicTest(row.name(), () -> {
            Vehicle troubled = Owner.troubled("VEHICLE_STATE", row.state()).vehicle();
            Expect.fails(409, "VEHICLE_STATE", row.state(), null, () -> row.command().to(troubled));
            Vehicle shy = Owner.shy().vehicle();
            Expect.notPermitted(() -> row.command().to(shy));
        }));
    }

    @Test
    void disconnect() throws Exception {
        Owner.Shared shared = Owner.connect("CHEVROLET", "2-vehicles@smartcar.com", "read_odometer");
        DisconnectResponse answer = shared.vehicle().disconnect();
        assertEquals("success", answer.getStatus());
        Expect.meta(answer, false, null);
        Expect.notPermitted(shared.vehicle()::odometer);
        Expect.notPermitted(shared.vehicle()::disconnect);
        // The token goes on for the owner's other car.
        String[] left = com.smartcar.sdk.Smartcar.getVehicles(shared.auth().getAccessToken()).getVehicleIds();
        assertEquals(1, left.length);
        new Vehicle(left[0], shared.auth().getAccessToken()).odometer();
    }

    @Test
    void disconnectFails() throws Exception {
        Owner.Shared shared = Owner.volt();
        Expect.unauthenticated(new Vehicle(shared.id(), "abc")::disconnect);
        Expect.invalid(new Vehicle("bad_id", shared.auth().getAccessToken())::disconnect);
        shared.vehicle().odometer();
    }

    @Test
    void subscribe() throws Exception {
        Owner.Shared shared = Owner.volt();
        String webhook = Ready.application("webhookId");
        WebhookSubscription answer = shared.vehicle().subscribe(webhook);
        Expect.values(answer, Map.of("webhookId", Expect.equal(webhook), "vehicleId", Expect.equal(shared.id())));
        Expect.meta(answer, false, null);
        UnsubscribeResponse ended = shared.vehicle().unsubscribe(Ready.application("managementToken"), webhook);
        assertEquals("success", ended.getStatus());
        assertFalse(ended.toString().isBlank());
    }

    @Test
    void subscribeFails() throws Exception {
        Vehicle vehicle = Owner.volt().vehicle();
        Expect.invalid(() -> vehicle.subscribe("no_id"));
        Expect.invalid(() -> vehicle.subscribe(UUID.randomUUID().toString()));
        // The token is looked at before the webhook (REST contract 2.22).
        Expect.unauthenticated(() -> vehicle.unsubscribe("abc", "no_id"));
        Expect.invalid(() -> vehicle.unsubscribe(Ready.application("managementToken"), "no_id"));
    }
}
