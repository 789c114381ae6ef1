//! What a car can do, kept as a set of bits: 28 names would be most of a vehicle's row.

use carport_model::Permission as P;
use carport_model::Permissions;

/// Which bit stands for which permission. It is on the disk: append, never reorder or remove.
const BITS: [P; 28] = [
    P::ReadOdometer,
    P::ReadLocation,
    P::ReadSpeedometer,
    P::ReadCompass,
    P::ReadBattery,
    P::ReadCharge,
    P::ReadChargeEvents,
    P::ReadChargeRecords,
    P::ReadChargeLocations,
    P::ReadFuel,
    P::ReadVehicleInfo,
    P::ReadVin,
    P::ReadExtendedVehicleInfo,
    P::ReadEngineOil,
    P::ReadTires,
    P::ReadServiceHistory,
    P::ReadDiagnostics,
    P::ReadAlerts,
    P::ReadSecurity,
    P::ReadClimate,
    P::ReadThermometer,
    P::ReadUserProfile,
    P::ControlCharge,
    P::ControlSecurity,
    P::ControlNavigation,
    P::ControlClimate,
    P::ControlTrunk,
    P::ControlPin,
];

/// The set as bits.
pub(crate) fn bits(capabilities: &Permissions) -> i64 {
    BITS.iter()
        .enumerate()
        .filter(|(_, permission)| capabilities.contains(**permission))
        .map(|(bit, _)| 1 << bit)
        .sum()
}

/// The set that `bits` stand for; bits of a later version say nothing to this one.
pub(crate) fn set(bits: i64) -> Permissions {
    BITS.iter()
        .enumerate()
        .filter(|(bit, _)| bits >> bit & 1 == 1)
        .map(|(_, permission)| *permission)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_a_bit_and_reads_back() {
        for permission in P::ALL {
            let one: Permissions = [*permission].into_iter().collect();
            let bits = bits(&one);
            assert_eq!(bits.count_ones(), 1, "{permission} has no bit");
            assert_eq!(set(bits), one);
        }
        assert_eq!(set(bits(&Permissions::all())), Permissions::all());
        assert_eq!(set(1 << 40), Permissions::default());
    }

    #[test]
    fn the_bits_of_files_in_use_keep_their_meaning() {
        let words = "read_odometer read_location control_trunk";
        let capabilities: Permissions = words.parse().unwrap();
        assert_eq!(bits(&capabilities), 0b11 | 1 << 26);
    }
}
