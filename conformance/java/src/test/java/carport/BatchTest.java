package carport;

import static carport.Expect.equal;
import static carport.Expect.fraction;
import static carport.Expect.matching;
import static carport.Expect.positive;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.smartcar.sdk.SmartcarException;
import com.smartcar.sdk.SmartcarVehicleOptions;
import com.smartcar.sdk.Vehicle;
import com.smartcar.sdk.data.ApiData;
import com.smartcar.sdk.data.BatchResponse;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** {@code Vehicle.batch} (REST contract 2.23). */
class BatchTest {
    private static final String[] PATHS = {
        "/", "/battery", "/battery/capacity", "/charge", "/engine/oil", "/fuel", "/location", "/odometer",
        "/tires/pressure", "/vin",
    };

    private static void is(ApiData<?> item, BatchResponse whole, boolean isData, Map<String, Consumer<Object>> values)
            throws Exception {
        Expect.values(item, values);
        // The SDK gives each item the request id of the whole.
        assertEquals(whole.getRequestId(), item.getMeta().getRequestId());
        Expect.age(item.getMeta(), isData);
    }

    @Test
    void everyItemIsFoundUnderItsPath() throws Exception {
        Owner.Shared shared = Owner.volt();
        BatchResponse batch = shared.vehicle().batch(PATHS);
        assertEquals(batch.getMeta().getRequestId(), batch.getRequestId());
        is(batch.attributes(), batch, false, Map.of("id", equal(shared.id()), "make", equal("CHEVROLET"),
                "model", equal("Volt"), "year", positive()));
        is(batch.battery(), batch, true, Map.of("range", positive(), "percentRemaining", fraction()));
        is(batch.batteryCapacity(), batch, true, Map.of("capacity", positive()));
        is(batch.charge(), batch, true, Map.of(
                "state", matching("CHARGING|FULLY_CHARGED|NOT_CHARGING"), "isPluggedIn", matching("true|false")));
        is(batch.engineOil(), batch, true, Map.of("lifeRemaining", fraction()));
        is(batch.fuel(), batch, true, Map.of(
                "range", positive(), "percentRemaining", fraction(), "amountRemaining", positive()));
        is(batch.location(), batch, true, Map.of("latitude", matching(".+"), "longitude", matching(".+")));
        is(batch.odometer(), batch, true, Map.of("distance", positive()));
        is(batch.tirePressure(), batch, true, Map.of("frontLeft", positive(), "frontRight", positive(),
                "backLeft", positive(), "backRight", positive()));
        is(batch.vin(), batch, false, Map.of("vin", matching("0SC[A-Z0-9]{14}")));
        assertFalse(batch.toString().isBlank());
        batch.setRequestId("x");
        assertEquals("x", batch.getRequestId());
    }

    @Test
    void imperialUnitsReachEveryItem() throws Exception {
        SmartcarVehicleOptions options =
                new SmartcarVehicleOptions.Builder().unitSystem(Vehicle.UnitSystem.IMPERIAL).build();
        BatchResponse batch = Owner.volt().vehicle(options).batch(new String[] {"/odometer", "/tires/pressure"});
        assertEquals("imperial", batch.odometer().getMeta().getUnitSystem());
        assertEquals("imperial", batch.tirePressure().getMeta().getUnitSystem());
    }

    @Test
    void aMissingPermissionIsThatItemsOwn() throws Exception {
        BatchResponse batch = Owner.shy().vehicle().batch(PATHS);
        Expect.values(batch.vin(), Map.of("vin", matching("0SC[A-Z0-9]{14}")));
        Executable[] others = {
            batch::attributes, batch::battery, batch::batteryCapacity, batch::charge, batch::engineOil, batch::fuel,
            batch::location, batch::odometer, batch::tirePressure,
        };
        for (Executable other : others) {
            SmartcarException error =
                    Expect.fails(403, "PERMISSION", null, "REAUTHENTICATE", other);
            assertEquals(batch.getRequestId(), error.getRequestId());
        }
    }

    @Test
    void whatWasNotAskedForIsNotThere() throws Exception {
        BatchResponse batch = Owner.volt().vehicle().batch(new String[] {"/odometer"});
        assertEquals("DATA_NOT_FOUND", assertThrows(SmartcarException.class, batch::vin).getType());
    }

    @Test
    void aTroubledCarAnswersItemByItem() throws Exception {
        BatchResponse batch = Owner.troubled("VEHICLE_STATE", "ASLEEP").vehicle()
                .batch(new String[] {"/odometer", "/vin"});
        Expect.fails(409, "VEHICLE_STATE", "ASLEEP", null, batch::odometer);
        Expect.values(batch.vin(), Map.of("vin", matching("0SC[A-Z0-9]{14}")));
    }

    @Test
    void batchFails() throws Exception {
        Vehicle vehicle = Owner.volt().vehicle();
        Expect.invalid(() -> vehicle.batch(new String[] {"/odometer", "/LOCATIONNNNNNNN"}));
        Expect.invalid(() -> vehicle.batch(new String[0]));
    }
}
