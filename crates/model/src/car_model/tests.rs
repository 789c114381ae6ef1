//! The embedded files, and what files of an overlay may say.

use super::*;

fn overlaid(text: &str) -> Result<CarModels, CatalogueError> {
    CarModels::with_overlay(&[("x.toml".into(), text.into())], &Brands::embedded())
}

fn mistake(text: &str) -> String {
    overlaid(text).unwrap_err().to_string()
}

/// Two rows of which a car can be both.
fn overlap(a: &CarModel, b: &CarModel) -> bool {
    let ends_before = |a: Years, b: Years| a.last.is_some_and(|last| last < b.first);
    let apart = ends_before(a.years, b.years) || ends_before(b.years, a.years);
    let regions = a.regions.iter().any(|region| b.regions.contains(region));
    (&a.name, a.powertrain) == (&b.name, b.powertrain) && regions && !apart
}

#[test]
fn every_make_has_models_and_none_stands_there_twice() {
    let brands = Brands::embedded();
    let models = CarModels::embedded(&brands);
    assert_eq!(usual().len(), 4);
    for brand in brands.iter() {
        let rows: Vec<_> = models.of(&brand.id).collect();
        assert!(!rows.is_empty(), "{}", brand.id);
        for region in &brand.regions {
            let sold = rows.iter().any(|row| row.regions.contains(region));
            assert!(sold, "{} in {region:?}", brand.id);
        }
        for (index, row) in rows.iter().enumerate() {
            assert!(!row.regions.is_empty(), "{} {}", brand.id, row.name);
            assert!(row.permissions.contains(Permission::ReadVin));
            let twin = rows[index + 1..].iter().find(|other| overlap(row, other));
            assert_eq!(twin, None, "{} {}", brand.id, row.name);
        }
    }
}

#[test]
fn regions_of_a_row_are_among_those_of_its_make() {
    let brands = Brands::embedded();
    for file in catalogue::files(&EMBEDDED, &[]) {
        let make: Sheet = file.read().unwrap();
        let brand = brands.get(make.make.get_ref()).unwrap();
        for row in make.rows {
            for region in row.regions.unwrap_or_default() {
                assert!(brand.is_offered_in(region), "{} {}", brand.id, row.name);
            }
        }
    }
}

#[test]
fn beginnings_of_vins_are_of_the_make() {
    let brands = Brands::embedded();
    let models = CarModels::embedded(&brands);
    let mut checked = 0;
    for model in models.iter() {
        for pattern in &model.vin {
            // A dot stands for any character; of these some may belong to other makes.
            let vin = pattern.as_str().replace('.', "1");
            if !pattern.as_str().starts_with('.') {
                let vin: crate::Vin = format!("{vin:1<17}").parse().unwrap();
                let brand = vin.brand(&brands).map(|brand| &brand.id);
                assert_eq!(brand, Some(&model.make), "{}", model.name);
                checked += 1;
            }
        }
    }
    assert!(checked > 5);
}

#[test]
fn the_nearer_file_decides_what_a_model_serves() {
    let models = overlaid(
        "make = 'NISSAN'\nadds = ['read_tires', 'read_engine_oil']\nlacks = ['read_vin']\n\
         [[model]]\nname = 'A'\nyears = [2020]\ntype = 'BEV'\n\
         [[model]]\nname = 'B'\nyears = [2020, 2021]\ntype = 'ICE'\nregions = ['US', 'CA']\n\
         adds = ['read_vin', 'read_compass']\nlacks = ['read_location', 'read_tires']",
    )
    .unwrap();
    let nissan = BrandId::new("NISSAN");
    let rows: Vec<_> = models.of(&nissan).collect();
    assert_eq!(
        rows.iter()
            .map(|row| row.permissions.to_string())
            .collect::<Vec<_>>(),
        [
            // No engine, no oil; what the make lacks is gone.
            "read_vehicle_info read_odometer read_location read_battery read_charge control_charge \
             control_security read_tires",
            "read_vehicle_info read_odometer read_fuel control_security read_engine_oil read_vin \
             read_compass",
        ]
    );
    // Nissan is not offered in Canada.
    assert_eq!(rows[0].regions, [Region::Us, Region::Europe]);
    assert_eq!(rows[1].regions, [Region::Us]);
    assert!(rows[0].years.contains(2031) && !rows[0].years.contains(2019));
    assert!(rows[1].years.contains(2021) && !rows[1].years.contains(2022));
}

#[test]
fn a_file_stands_for_its_make_and_leaves_the_others() {
    let row = "[[model]]\nname = 'Solo'\nyears = [2020]\ntype = 'BEV'";
    let models = overlaid(&format!("make = 'NISSAN'\n{row}")).unwrap();
    let embedded = CarModels::embedded(&Brands::embedded());
    for make in ["NISSAN", "TESLA"] {
        let names = |models: &CarModels| {
            let make = BrandId::new(make);
            let names = models.of(&make).map(|model| model.name.clone());
            names.collect::<Vec<_>>()
        };
        if make == "NISSAN" {
            assert_eq!(names(&models), ["Solo"]);
        } else {
            assert_eq!(names(&models), names(&embedded));
        }
    }
}

#[test]
fn mistakes_are_told_with_file_line_and_column() {
    let row = |line: &str| format!("make = 'NISSAN'\n[[model]]\nname = 'A'\n{line}");
    for (text, told) in [
        (
            "make = 'TRABANT'\nmodel = []".to_owned(),
            "x.toml, line 1, column 8: TRABANT is no brand's id",
        ),
        (
            row("years = [2020]\ntype = 'BEV'\nadds = ['read_vin', 'read_fuel']"),
            "x.toml, line 6, column 21: a BEV cannot serve read_fuel",
        ),
        (
            row("years = [2020]\ntype = 'BEV'\nadds = ['read_everything']"),
            "x.toml, line 6, column 8: \"read_everything\" is not a permission",
        ),
        (
            row("years = [2020, 2019]\ntype = 'BEV'"),
            "x.toml, line 4, column 9: years are [first, last], or [first] while the model is still \
             made; the first is 1980 or later",
        ),
        (
            row("years = [2020]\ntype = 'BEV'\nvin = ['ION']"),
            "x.toml, line 6, column 7: the beginning of a VIN is 1 to 17 digits and capital letters \
             without I, O and Q, or a dot for any one; one of them is no dot",
        ),
        (
            row("years = [2020]\ntype = 'STEAM'"),
            "x.toml, line 5, column 8: unknown variant `STEAM`, expected one of `BEV`, `PHEV`, \
             `HEV`, `ICE`",
        ),
        (
            row("years = [2020]\ntype = 'BEV'\ncolour = 'red'"),
            "x.toml, line 6, column 1: unknown field `colour`, expected one of `name`, `years`, \
             `type`, `regions`, `adds`, `lacks`, `vin`",
        ),
        (
            row("type = 'BEV'"),
            "x.toml, line 2, column 1: missing field `years`",
        ),
    ] {
        assert_eq!(mistake(&text), told);
    }
}
