package carport;

import static carport.Expect.between;
import static carport.Expect.equal;
import static carport.Expect.fraction;
import static carport.Expect.matching;
import static carport.Expect.positive;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.smartcar.sdk.SmartcarVehicleOptions;
import com.smartcar.sdk.Vehicle;
import com.smartcar.sdk.data.ApiData;
import com.smartcar.sdk.data.ApplicationPermissions;
import com.smartcar.sdk.data.RequestPaging;
import com.smartcar.sdk.data.VehicleAttributes;
import com.smartcar.sdk.data.VehicleVin;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What {@code Vehicle} reads. */
class VehicleTest {
    private static Owner.Shared volt;
    private static Vehicle shy;

    /** A method that reads data: with it, what it must find (REST contract 2 and 8.1). */
    private record Read(String name, Reading read, boolean units, Map<String, Consumer<Object>> values) {}

    @FunctionalInterface
    private interface Reading {
        ApiData<?> of(Vehicle vehicle) throws Exception;
    }

    private static final Read[] READS = {
        new Read("odometer", Vehicle::odometer, true, Map.of("distance", positive())),
        new Read("fuel", Vehicle::fuel, true, Map.of(
                "range", positive(), "percentRemaining", fraction(), "amountRemaining", positive())),
        new Read("engineOil", Vehicle::engineOil, false, Map.of("lifeRemaining", fraction())),
        new Read("tirePressure", Vehicle::tirePressure, true, Map.of(
                "frontLeft", between(175, 237), "frontRight", between(175, 237),
                "backLeft", between(175, 237), "backRight", between(175, 237))),
        new Read("battery", Vehicle::battery, true, Map.of("range", positive(), "percentRemaining", fraction())),
        new Read("batteryCapacity", Vehicle::batteryCapacity, false, Map.of("capacity", positive())),
        new Read("charge", Vehicle::charge, false, Map.of(
                "state", matching("CHARGING|FULLY_CHARGED|NOT_CHARGING"), "isPluggedIn", matching("true|false"))),
        new Read("location", Vehicle::location, false, Map.of(
                "latitude", between(36, 42), "longitude", between(-110, -101))),
    };

    @BeforeAll
    static void connect() throws Exception {
        volt = Owner.volt();
        shy = Owner.shy().vehicle();
    }

    @TestFactory
    Stream<DynamicTest> reads() {
        return Stream.of(READS).map(one -> DynamicTest.dynamicTest(one.name(), () -> {
            ApiData<?> answer = one.read().of(volt.vehicle());
            Expect.values(answer, one.values());
            Expect.meta(answer, true, one.units() ? "metric" : null);
        }));
    }

    @TestFactory
    Stream<DynamicTest> readsWithoutThePermission() {
        return Stream.of(READS).map(one ->
                DynamicTest.dynamicTest(one.name(), () -> Expect.notPermitted(() -> one.read().of(shy))));
    }

    @Test
    void attributes() throws Exception {
        VehicleAttributes answer = volt.vehicle().attributes();
        Expect.values(answer, Map.of("id", equal(volt.id()), "make", equal("CHEVROLET"), "model", equal("Volt"),
                "year", between(1990, 2100)));
        Expect.meta(answer, false, null);
        Expect.notPermitted(shy::attributes);
    }

    @Test
    void vin() throws Exception {
        VehicleVin answer = volt.vehicle().vin();
        Expect.values(answer, Map.of("vin", matching("0SC[A-Z0-9]{14}")));
        Expect.meta(answer, false, null);
        Vehicle other = Owner.connect("CHEVROLET", Owner.email(), "read_odometer").vehicle();
        Expect.notPermitted(other::vin);
    }

    @Test
    void permissions() throws Exception {
        Vehicle vehicle = volt.vehicle();
        ApplicationPermissions all = vehicle.permissions();
        String[] granted = Owner.ALL.replace("required:", "").split(" ");
        assertArrayEquals(Stream.of(granted).sorted().toArray(), Stream.of(all.getPermissions()).sorted().toArray());
        assertEquals(granted.length, all.getPaging().getCount());
        Expect.meta(all, false, null);
        assertSame(all, vehicle.permissions(), "the SDK asks once");
        ApplicationPermissions page = vehicle.permissions(new RequestPaging(2, 2));
        assertEquals(2, page.getPermissions().length);
        assertEquals(2, page.getPaging().getOffset());
        assertFalse(page.toString().isBlank());
        page.setPermissions(new String[0]);
        assertEquals(0, page.getPermissions().length);
    }

    @Test
    void permissionsFail() {
        Vehicle bad = new Vehicle("bad_id", volt.auth().getAccessToken());
        Expect.invalid(bad::permissions);
        Expect.invalid(() -> bad.permissions(new RequestPaging(2, 0)));
        Expect.unauthenticated(new Vehicle(volt.id(), "abc")::permissions);
    }

    @Test
    void imperialUnits() throws Exception {
        SmartcarVehicleOptions options =
                new SmartcarVehicleOptions.Builder().unitSystem(Vehicle.UnitSystem.IMPERIAL).build();
        Vehicle imperial = volt.vehicle(options);
        Expect.meta(imperial.odometer(), true, "imperial");
        Expect.meta(imperial.fuel(), true, "imperial");
        // 175 to 237 kPa.
        assertTrue(imperial.tirePressure().getFrontLeft() < 35);
        imperial.setUnitSystem(Vehicle.UnitSystem.METRIC);
        Expect.meta(imperial.battery(), true, "metric");
        assertTrue(imperial.tirePressure().getFrontLeft() > 170);
    }

    @Test
    void options() throws Exception {
        SmartcarVehicleOptions options = new SmartcarVehicleOptions.Builder()
                .version("7.1").origin(Ready.url()).unitSystem(Vehicle.UnitSystem.METRIC).build();
        assertEquals("7.1 " + Ready.url(), options.getVersion() + " " + options.getOrigin());
        assertEquals(Vehicle.UnitSystem.METRIC, options.getUnitSystem());
        Vehicle vehicle = volt.vehicle(options);
        assertEquals("7.1", vehicle.getVersion());
        Expect.values(vehicle.odometer(), Map.of("distance", positive()));
    }

    @Test
    void somebodyElsesCar() throws Exception {
        Owner.Shared theirs = Owner.volt();
        Expect.notPermitted(new Vehicle(theirs.id(), volt.auth().getAccessToken())::odometer);
    }
}
