//! `carport app access`, `brands`, `countries`, `appearance`, `security`: what owners see of an
//! application.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carport_model::Engine;
use carport_oauth::applications::ConnectChange;

use crate::admin::{self, ConnectSideRequest, ConnectSideView, Request};
use crate::cli::{
    AccessArgs, AppSettings, AppearanceArgs, BrandsArgs, CountriesArgs, SecurityArgs, Switch,
};
use crate::config::Config;

/// Changes what is to be changed, and shows what is set then.
///
/// # Errors
/// One line that says what to do.
pub(super) async fn run(config: &Config, args: AppSettings) -> anyhow::Result<()> {
    let (side, lines, json): (_, fn(&ConnectSideView) -> Lines, _) = match args {
        AppSettings::Access(args) => (access(&args), of_access, args.json),
        AppSettings::Brands(args) => (brands(&args), of_brands, args.json),
        AppSettings::Countries(args) => (countries(&args), of_countries, args.json),
        AppSettings::Appearance(args) => (appearance(&args)?, of_appearance, args.json),
        AppSettings::Security(args) => (security(&args), of_security, args.json),
    };
    let answer = admin::carry_out(config, &Request::ConnectSide { side }).await?;
    if json {
        println!("{answer}");
        return Ok(());
    }
    let view: ConnectSideView =
        serde_json::from_value(answer).context("the server's answer is not understood")?;
    for (name, text) in lines(&view) {
        println!("{name:<17} {text}");
    }
    if view.left_out > 0 {
        eprintln!("Parts that a logo must not have, such as scripts and links, were left out.");
    }
    Ok(())
}

type Lines = Vec<(&'static str, String)>;

/// What is set instead: nothing, when an option takes it all back.
fn list<T: Clone>(named: &[T], all: bool) -> Option<Vec<T>> {
    (all || !named.is_empty()).then(|| named.to_vec())
}

fn request(id: &str, change: ConnectChange) -> ConnectSideRequest {
    ConnectSideRequest {
        id: id.to_owned(),
        change,
        ..ConnectSideRequest::default()
    }
}

fn access(args: &AccessArgs) -> ConnectSideRequest {
    let change = ConnectChange {
        scope: args.scope.clone(),
        ..ConnectChange::default()
    };
    request(&args.id, change)
}

fn brands(args: &BrandsArgs) -> ConnectSideRequest {
    let change = ConnectChange {
        brands: list(&args.listed, args.all),
        brand_engines: list(&args.selling, args.selling_any),
        engines: list(&args.take, args.take_all),
        unknown_engine: args.take_unknown.map(Switch::is_on),
        ..ConnectChange::default()
    };
    request(&args.id, change)
}

fn countries(args: &CountriesArgs) -> ConnectSideRequest {
    let none = args.no_default.then(String::new);
    let change = ConnectChange {
        countries: list(&args.enabled, args.all),
        default_country: args.preset.clone().or(none),
        ..ConnectChange::default()
    };
    request(&args.id, change)
}

fn appearance(args: &AppearanceArgs) -> anyhow::Result<ConnectSideRequest> {
    let change = ConnectChange {
        accent: args.accent.clone(),
        welcome: args.welcome.clone(),
        support: args.support.clone(),
        ..ConnectChange::default()
    };
    let file = args.logo.as_ref().map(|path| {
        let file = std::fs::read(path);
        file.with_context(|| format!("{} cannot be read", path.display()))
    });
    let logo = file.transpose()?.map(|file| STANDARD.encode(file));
    Ok(ConnectSideRequest {
        logo,
        no_logo: args.no_logo,
        ..request(&args.id, change)
    })
}

fn security(args: &SecurityArgs) -> ConnectSideRequest {
    let change = ConnectChange {
        require_pkce: args.pkce.map(Switch::is_on),
        send_iss: args.iss.map(Switch::is_on),
        strict_required: args.strict_required.map(Switch::is_on),
        ..ConnectChange::default()
    };
    ConnectSideRequest {
        add_origins: args.add_origins.clone(),
        remove_origins: args.remove_origins.clone(),
        ..request(&args.id, change)
    }
}

fn of_access(view: &ConnectSideView) -> Lines {
    let nothing = "nothing; Connect links must name a scope";
    vec![("Asks for", or(&view.scope, nothing))]
}

fn of_brands(view: &ConnectSideView) -> Lines {
    let unknown = if view.unknown_engine {
        "taken"
    } else {
        "not taken"
    };
    let mut lines = vec![
        ("Brands", or(&view.brands.join(" "), "all")),
        ("Selling", or(&engines(&view.brand_engines), "anything")),
        ("Cars", or(&engines(&view.engines), "all")),
    ];
    if !view.engines.is_empty() {
        lines.push(("Unknown cars", unknown.to_owned()));
    }
    lines
}

fn of_countries(view: &ConnectSideView) -> Lines {
    let preset = view.default_country.as_deref().unwrap_or_default();
    vec![
        ("Countries", or(&view.countries.join(" "), "all")),
        ("Default", or(preset, "the browser's, then the server's")),
    ]
}

fn of_appearance(view: &ConnectSideView) -> Lines {
    vec![
        (
            "Accent",
            or(
                view.accent.as_deref().unwrap_or_default(),
                "Carport's green",
            ),
        ),
        (
            "Logo",
            or(
                view.logo.as_deref().unwrap_or_default(),
                "none, the initials",
            ),
        ),
        ("Welcome", or(&view.welcome, "none")),
        (
            "Help",
            or(view.support.as_deref().unwrap_or_default(), "none"),
        ),
    ]
}

fn of_security(view: &ConnectSideView) -> Lines {
    let switch = |on: bool| if on { "on" } else { "off" }.to_owned();
    vec![
        ("PKCE required", switch(view.require_pkce)),
        ("iss in redirects", switch(view.send_iss)),
        ("Strict required:", switch(view.strict_required)),
        (
            "Browser origins",
            or(&view.browser_origins.join(" "), "none"),
        ),
    ]
}

fn engines(engines: &[Engine]) -> String {
    let words: Vec<&str> = engines.iter().map(|engine| engine.as_str()).collect();
    words.join(" ")
}

fn or(text: &str, instead: &str) -> String {
    if text.is_empty() { instead } else { text }.to_owned()
}
