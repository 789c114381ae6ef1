//! The list against the contract.

use std::collections::HashSet;

use super::*;
use crate::{BrandId, Permissions, Powertrain, SeededRng};

#[test]
fn codes_are_unique_and_lower_case() {
    let mut codes: Vec<&str> = all().map(|signal| signal.spec().code).collect();
    assert!(
        codes
            .iter()
            .all(|code| code.to_lowercase() == *code && code.contains('-'))
    );
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
    assert_eq!(
        Signal::find("odometer-traveleddistance"),
        Some(odometer::TRAVELED_DISTANCE)
    );
}

#[test]
fn no_two_signals_claim_one_member_of_v2() {
    let mut places: Vec<_> = all().filter_map(|signal| signal.spec().v2).collect();
    places.sort_unstable_by_key(|place| (place.path, place.member));
    let count = places.len();
    places.dedup();
    assert_eq!(places.len(), count);
}

#[test]
fn every_published_code_is_there_and_no_other() {
    let mut codes: Vec<&str> = all().map(|signal| signal.spec().code).collect();
    codes.sort_unstable();
    assert_eq!(codes, PUBLISHED);
}

#[test]
fn permissions_and_units_are_those_of_the_contract() {
    let of = |code: &str| Signal::find(code).unwrap().spec();
    for signal in all() {
        let (spec, code) = (signal.spec(), signal.spec().code);
        let (group, name) = code.split_once('-').unwrap();
        assert_eq!(name, spec.name.to_lowercase(), "{code}");
        assert!(!spec.doc.is_empty(), "{code}");
        let expected = match group {
            "charge" if name == "chargerecords" => Permission::ReadChargeRecords,
            "charge" => Permission::ReadCharge,
            "climate" => Permission::ReadThermometer,
            "closure" => Permission::ReadSecurity,
            "diagnostics" => Permission::ReadDiagnostics,
            "hvac" => Permission::ReadClimate,
            "location" => Permission::ReadLocation,
            "lowvoltagebattery" | "tractionbattery" => Permission::ReadBattery,
            "vehicleuseraccount" => Permission::ReadUserProfile,
            _ => continue,
        };
        assert_eq!(spec.permission, expected, "{code}");
    }
    assert_eq!(of("charge-wattage").unit, Unit::Watts);
    assert_eq!(of("charge-timetocomplete").unit, Unit::Minutes);
    assert_eq!(of("charge-chargerate").unit, Unit::KilometresPerHour);
    assert_eq!(of("hvac-cabintargettemperature").unit, Unit::Celsius);
    let info = Permission::ReadVehicleInfo;
    assert_eq!(of("connectivitystatus-isasleep").permission, info);
    let extended = Permission::ReadExtendedVehicleInfo;
    assert_eq!(of("transmission-gearstate").permission, extended);
}

fn car(powertrain: Powertrain) -> FoundVehicle {
    FoundVehicle {
        vin: "0SCTESLA1A2B3C4D5".parse().unwrap(),
        make: BrandId::new("TESLA"),
        model: "Model 3".to_owned(),
        year: 2021,
        powertrain,
        capabilities: Permissions::all(),
        capacities: Vec::new(),
    }
}

/// What a test car says of a signal that is not drawn evenly from a range.
fn made(signal: Signal, powertrain: Powertrain) -> Option<SignalValue> {
    match signal.spec().test {
        TestValue::Made(make) => make(&car(powertrain), Timestamp::from_millis(1_772_352_930_250)),
        TestValue::Drawn(draw) => draw(&car(powertrain), &SeededRng::new(0, 0)),
        _ => None,
    }
}

#[test]
fn what_a_test_car_says_can_be_kept() {
    let mut kinds = HashSet::new();
    for signal in all() {
        let Some(value) = made(signal, Powertrain::Bev) else {
            continue;
        };
        kinds.insert(std::mem::discriminant(&value));
        let kept = serde_json::to_string(&value).unwrap();
        assert_eq!(
            serde_json::from_str::<SignalValue>(&kept).unwrap(),
            value,
            "{signal}"
        );
    }
    // Every kind but positions and tyres, which are drawn.
    assert_eq!(kinds.len(), 16);
}

#[test]
fn a_car_without_a_plug_has_nothing_to_charge_at() {
    let says = |powertrain| {
        let charge = charge::ALL
            .iter()
            .filter_map(|signal| made(*signal, powertrain));
        charge.count()
    };
    assert_eq!((says(Powertrain::Bev), says(Powertrain::Phev)), (9, 9));
    assert_eq!((says(Powertrain::Ice), says(Powertrain::Hev)), (0, 0));
}

/// Contract rest-v3, section 7, in the order of its table.
const PUBLISHED: [&str; 93] = [
    "charge-amperage",
    "charge-amperagemax",
    "charge-amperagerequested",
    "charge-chargelimits",
    "charge-chargeportstatuscolor",
    "charge-chargerate",
    "charge-chargerecords",
    "charge-chargerphases",
    "charge-chargetimers",
    "charge-chargingconnectortype",
    "charge-detailedchargingstatus",
    "charge-energyadded",
    "charge-fastchargertype",
    "charge-ischarging",
    "charge-ischargingcableconnected",
    "charge-ischargingcablelatched",
    "charge-ischargingportflapopen",
    "charge-isfastchargerpresent",
    "charge-timetocomplete",
    "charge-voltage",
    "charge-wattage",
    "climate-externaltemperature",
    "climate-internaltemperature",
    "closure-doors",
    "closure-enginecover",
    "closure-fronttrunk",
    "closure-islocked",
    "closure-reartrunk",
    "closure-sunroof",
    "closure-tailgate",
    "closure-windows",
    "connectivitysoftware-currentfirmwareversion",
    "connectivitystatus-isasleep",
    "connectivitystatus-isdigitalkeypaired",
    "connectivitystatus-isonline",
    "diagnostics-abs",
    "diagnostics-activesafety",
    "diagnostics-airbag",
    "diagnostics-brakefluid",
    "diagnostics-driverassistance",
    "diagnostics-dtccount",
    "diagnostics-dtclist",
    "diagnostics-emissions",
    "diagnostics-evbatteryconditioning",
    "diagnostics-evcharging",
    "diagnostics-evdriveunit",
    "diagnostics-evhvbattery",
    "diagnostics-lighting",
    "diagnostics-mil",
    "diagnostics-oillife",
    "diagnostics-oilpressure",
    "diagnostics-oiltemperature",
    "diagnostics-telematics",
    "diagnostics-tirepressure",
    "diagnostics-tirepressuremonitoring",
    "diagnostics-transmission",
    "diagnostics-washerfluid",
    "diagnostics-waterinfuel",
    "hvac-cabintargettemperature",
    "hvac-iscabinhvacactive",
    "hvac-isfrontdefrosteractive",
    "hvac-isreardefrosteractive",
    "hvac-issteeringheateractive",
    "internalcombustionengine-amountremaining",
    "internalcombustionengine-fuellevel",
    "internalcombustionengine-oillife",
    "internalcombustionengine-range",
    "location-isathome",
    "location-preciselocation",
    "lowvoltagebattery-stateofcharge",
    "lowvoltagebattery-status",
    "motion-currentspeed",
    "odometer-traveleddistance",
    "service-isinservice",
    "service-records",
    "surveillance-brand",
    "surveillance-isenabled",
    "tractionbattery-isheateractive",
    "tractionbattery-maxrangechargecounter",
    "tractionbattery-nominalcapacity",
    "tractionbattery-range",
    "tractionbattery-stateofcharge",
    "transmission-drivemode",
    "transmission-gearstate",
    "vehicleidentification-exteriorcolor",
    "vehicleidentification-nickname",
    "vehicleidentification-packages",
    "vehicleidentification-trim",
    "vehicleidentification-vin",
    "vehicleuseraccount-permissions",
    "vehicleuseraccount-role",
    "wheel-style",
    "wheel-tires",
];
