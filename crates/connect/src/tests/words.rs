//! Pages in the language of their reader.

use carport_testkit::bracketed;

use super::App;
use super::me::{LOGIN, Me};

const SWEDISH: &str = r#"
"Connect your car to {app}" = "Anslut din bil till {app}"
"Country of your car" = "Bilens land"
"Sweden" = "Sverige"
"This link cannot be used" = "Länken går inte att använda"
"See who sees your cars" = "Se vem som ser dina bilar"
"{page} · Carport" = "{page} – Carport"
"VIN ends in {tail}. Connected on {since}." = "Chassinumret slutar på {tail}. Ansluten den {since}."
"{day} November {year}" = "{day} november {year}"
"Location" = "Plats"
"Type <em>{word}</em> to confirm" = "Skriv <em>{word}</em> för att bekräfta"
"erase" = "radera"
"{code} is your code for {host}" = "{code} är din kod för {host}"
"#;

#[tokio::test]
async fn connect_speaks_the_language_of_its_reader() {
    let app = App::start().await.speaking("sv", SWEDISH);
    let mut browser = app.opened("").await;
    for part in [
        "<html lang=\"sv\" dir=\"ltr\">",
        "<title>Anslut din bil till Ride Ledger · Ride Ledger</title>",
        "<h1>Anslut din bil till Ride Ledger</h1>",
        "Bilens land",
        ">Sverige</option>",
        // What has no translation is English.
        "What happens next",
    ] {
        assert!(browser.page.contains(part), "{part}\n{}", browser.page);
    }
    // One that is chosen by hand is kept.
    assert!(
        browser
            .page
            .contains("<option value=\"sv\" lang=\"sv\" selected>")
    );
    let mut chosen = async |language: &str| {
        let form = format!("csrf={}&country=SE&language={language}", browser.csrf());
        let answer = browser.post_raw("start", &form).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
        answer.header("set-cookie").to_owned()
    };
    assert_eq!(chosen("sv").await, "");
    let english = chosen("en").await;
    assert!(english.starts_with("carport_language=en; Path=/; "));
    browser.get("/oauth/authorize").await;
    assert!(browser.page.contains("<h1>This link cannot be used</h1>"));
    browser.cookie.clear();
    browser.get("/oauth/authorize").await;
    assert!(
        browser
            .page
            .contains("<h1>Länken går inte att använda</h1>")
    );
    // What goes back to the application is English, whoever reads the page.
    let answer = app.opened("").await.post("exit", "").await;
    let told = answer.query("error_description");
    assert!(told.unwrap_or_default().starts_with("The owner returned"));
}

#[tokio::test]
async fn the_owners_page_speaks_the_language_of_its_reader() {
    let app = App::start().await.speaking("sv", SWEDISH);
    let scope = "&scope=read_odometer+read_location";
    app.connected("VOLVO", LOGIN, scope).await;
    let mut me = Me::at(&app);
    me.get("/me/sign-in").await;
    me.shows("<html lang=\"sv\" dir=\"ltr\">");
    me.shows("<title>Se vem som ser dina bilar – Carport</title>");
    me.signs_in("VOLVO", LOGIN).await;
    me.shows("Ansluten den 23 november 2026.");
    me.shows("Distance driven · Plats");
    me.get("/me/erase").await;
    me.shows("Skriv <em>radera</em> för att bekräfta");
    me.post("/me/erase", "word=erase").await;
    assert_eq!(me.status.as_u16(), 422);
    me.post("/me/erase", "word=Radera").await;
    me.shows("Everything is erased");
}

#[tokio::test]
async fn a_letter_speaks_the_language_of_who_asks_for_it() {
    let app = App::start().await.speaking("sv", SWEDISH);
    app.connected("VOLVO", LOGIN, "").await;
    let mut me = Me::at(&app);
    me.get("/me/sign-in").await;
    me.post("/me/code/send", "email=owner%40example.net").await;
    let letters = app.mailbox.take();
    let subject = &letters[0].subject;
    assert!(subject.ends_with(" är din kod för cars.example.net"));
}

/// What stands between tags, without plates and scripts, each text on its own line.
fn texts(page: &str) -> String {
    let mut texts = String::new();
    let mut rest = page;
    while let Some((text, behind)) = rest.split_once('<') {
        texts.push_str(text);
        texts.push('\n');
        let name = behind.split(['>', ' ']).next().unwrap_or_default();
        let is_left_out = name == "script" || behind.starts_with("span class=\"plate");
        let end = if is_left_out {
            behind.find(&format!("</{name}"))
        } else {
            Some(0)
        };
        let behind = &behind[end.unwrap_or_default()..];
        rest = behind.split_once('>').map_or("", |(_, behind)| behind);
    }
    texts
}

/// Texts outside of all brackets, but for names, which are the same in every language.
fn unworded(app: &App, page: &str) -> Vec<String> {
    const NAMES: [&str; 11] = [
        "Ride Ledger",
        // The language without a catalogue.
        "English",
        "https://rideledger.example.net",
        "rideledger.example.net",
        "cars.example.net",
        LOGIN,
        // For the makers of the application.
        "400, configuration_error",
        "approval_prompt is neither auto nor force.",
        "A page beyond the current step was opened.",
        // Trims of cars.
        "Engage,",
        "Evolve+,",
    ];
    let mut depth = 0;
    let mut left = String::new();
    for letter in texts(page).chars() {
        match letter {
            '⟦' => depth += 1,
            '⟧' => depth -= 1,
            _ if depth == 0 => left.push(letter),
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{page}");
    for name in NAMES {
        left = left.replace(name, "");
    }
    // "Volvo", "2023 Volvo XC40".
    let is_brand = |line: &str| {
        let name = line.trim_start_matches(|it: char| it.is_ascii_digit() || it == ' ');
        let mut brands = app.services.catalogue.brands.iter();
        brands.any(|brand| name == brand.name || (name != line && name.starts_with(&brand.name)))
    };
    let is_id = |line: &str| line.len() == 36 && line.matches('-').count() == 4;
    let lines = left.lines().map(str::trim);
    lines
        .filter(|line| line.contains(char::is_alphabetic) && !is_brand(line) && !is_id(line))
        .map(str::to_owned)
        .collect()
}

#[track_caller]
fn all_is_worded(app: &App, page: &str) {
    let left = unworded(app, page);
    assert!(left.is_empty(), "{left:#?}\n{page}");
}

#[tokio::test]
async fn no_word_of_connect_is_left_out() {
    let app = App::start().await.speaking("xx", &bracketed());
    let wide = "&scope=required:read_odometer+read_location+read_battery+control_security";
    let mut browser = app.opened(wide).await;
    all_is_worded(&app, &browser.page);
    browser.open("grant").await;
    all_is_worded(&app, &browser.page);
    browser.open("start").await;
    browser.post("start", "country=US").await;
    browser.open("brand?q=nothing").await;
    all_is_worded(&app, &browser.page);
    browser.open("brand?q=volvo").await;
    all_is_worded(&app, &browser.page);
    browser.post("brand", "make=VOLVO").await;
    all_is_worded(&app, &browser.page);
    for login in [
        "smartcar@invalid-credentials.com",
        "smartcar@mfa.com",
        "0-vehicles@smartcar.com",
        "smartcar@invalid-subscription.com",
        "smartcar@vehicle-incompatible.com",
        "2-vehicles@smartcar.com",
    ] {
        browser.open("login").await;
        browser.sign_in(login).await;
        all_is_worded(&app, &browser.page);
    }
    browser.post("grant", "decision=allow").await;
    all_is_worded(&app, &browser.page);
    let wrong = app.opened("&approval_prompt=maybe").await;
    all_is_worded(&app, &wrong.page);
    let app = App::with(|_| (), &["sc123://exchange"]).await;
    let app = app.speaking("xx", &bracketed());
    let mut back = app.opened("").await;
    back.post("exit", "").await;
    all_is_worded(&app, &back.page);
    back.open("done").await;
    all_is_worded(&app, &back.page);
    back.open("start").await;
    all_is_worded(&app, &back.page);
    let page = "https://cars.example.net/v2/redirect?app_origin=https://rideledger.example.net";
    let app = App::with(|_| (), &[page]).await;
    let app = app.speaking("xx", &bracketed());
    let mut redirect = app.browser();
    let host = "https://rideledger.example.net";
    for address in [
        format!("/v2/redirect?app_origin={host}&code=c"),
        "/v2/redirect?app_origin=&code=c".to_owned(),
    ] {
        redirect.get(&address).await;
        all_is_worded(&app, &redirect.page);
    }
}

#[tokio::test]
async fn no_word_about_one_car_is_left_out() {
    let app = App::start().await.speaking("xx", &bracketed());
    let failing = "connected_services_account.authentication_failed@smartcar.com";
    let (_, vehicle) = app
        .connected("NISSAN", failing, "&scope=read_odometer+read_fuel")
        .await;
    let link = super::reauthentication::link(&app, vehicle, "");
    let mut browser = app.arrived(&link).await;
    all_is_worded(&app, &browser.page);
    browser.post("start", "country=US").await;
    all_is_worded(&app, &browser.page);
    browser.sign_in("someone@example.org").await;
    all_is_worded(&app, &browser.page);
    let link = super::capacity::link(&app, vehicle, "");
    let mut browser = app.arrived(&link).await;
    browser.post("capacity", "decision=choose").await;
    all_is_worded(&app, &browser.page);
}

#[tokio::test]
async fn no_word_of_the_owners_page_is_left_out() {
    let app = App::start().await.speaking("xx", &bracketed());
    let scope = "&scope=read_odometer+read_location+read_vin";
    let (user, vehicle) = app.connected("VOLVO", LOGIN, scope).await;
    let mut me = Me::at(&app);
    me.get("/me/sign-in?q=volvo").await;
    all_is_worded(&app, &me.page);
    me.post("/me/code/send", "email=nonsense").await;
    all_is_worded(&app, &me.page);
    me.post("/me/code/send", "email=owner%40example.net").await;
    all_is_worded(&app, &me.page);
    me.post("/me/code", "code=x").await;
    all_is_worded(&app, &me.page);
    me.get("/me/sign-in/test/VOLVO").await;
    me.post("/me/sign-in/test/VOLVO", "username=&password=")
        .await;
    all_is_worded(&app, &me.page);
    me.signs_in("VOLVO", LOGIN).await;
    all_is_worded(&app, &me.page);
    let car = format!("/me/cars/{user}/{vehicle}");
    for address in [
        car.clone(),
        format!("{car}?done=permission"),
        format!("{car}/end"),
        format!("{car}/permissions/read_vin/end"),
        format!("{car}/location?precision=exact"),
        format!("{car}/location?precision=1km"),
        format!("/me/applications/{}/end", app.application.id),
        "/me?done=car".to_owned(),
        "/me/cars/a/b".to_owned(),
        "/me/erase".to_owned(),
    ] {
        me.get(&address).await;
        all_is_worded(&app, &me.page);
    }
    me.post("/me/erase", "word=no").await;
    all_is_worded(&app, &me.page);
    me.post("/me/erase", "word=%E2%9F%A6erase%E2%9F%A7").await;
    all_is_worded(&app, &me.page);
}
