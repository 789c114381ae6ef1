//! The end of everything that is kept of an owner.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_model::token::draw_secret;
use carport_model::{Account, Timestamp};
use carport_store::owners::{ACTOR, Acting, Erased, accounts_of, audited, erase as erase_owner};
use carport_store::{StoreError, Tx};
use carport_web::Page;
use carport_web::words::filters;

use super::frame::{MeFrame, show};
use super::home;
use super::problem::MeError;
use super::visitor::{Decided, Owner, with_cookie};
use crate::Services;
use crate::frame::Note;

/// What has to be typed.
const WORD: &str = "erase";

#[derive(Template)]
#[template(path = "connect/me/erase.html")]
struct ErasePage {
    frame: MeFrame,
    word: &'static str,
    typed: String,
    trouble: Option<Note>,
    accounts: Vec<String>,
    connections: usize,
}

#[derive(Template)]
#[template(path = "connect/me/erased.html")]
struct ErasedPage {
    frame: MeFrame,
    counts: String,
}

/// Asks whether it is meant.
pub(crate) async fn get_erase(owner: Owner) -> Result<Response, MeError> {
    page(&owner, String::new(), None).await
}

async fn page(owner: &Owner, typed: String, trouble: Option<Note>) -> Result<Response, MeError> {
    let identity = owner.identity.clone();
    let find = async move |tx: &mut Tx<'_>| accounts_of(tx, &identity).await;
    let accounts = owner.services().store.read(find).await?;
    let (status, title) = match trouble {
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, "Error: Erase everything?"),
        None => (StatusCode::OK, "Erase everything?"),
    };
    let page = ErasePage {
        frame: MeFrame::of_owner(owner, title),
        word: WORD,
        typed,
        trouble,
        accounts: accounts
            .iter()
            .map(|account| named(owner.services(), account))
            .collect(),
        connections: home::shared(owner).await?.len(),
    };
    Ok(show(&owner.guest, status, page))
}

/// "Volvo, test cars".
fn named(services: &Services, account: &Account) -> String {
    let brand = services.catalogue.brands.get(&account.brand);
    let brand = brand.map_or(account.brand.as_str(), |brand| brand.name.as_str());
    let mode = match account.mode {
        carport_model::Mode::Live => "",
        carport_model::Mode::Simulated => ", simulated cars",
        carport_model::Mode::Test => ", test cars",
    };
    format!("{brand}{mode}")
}

/// Erases, and signs out: there is nobody left to be signed in.
pub(crate) async fn erase(Decided { owner, form }: Decided) -> Result<Response, MeError> {
    let typed: String = form
        .get("word")
        .unwrap_or_default()
        .trim()
        .chars()
        .take(40)
        .collect();
    if !typed.eq_ignore_ascii_case(WORD) {
        let note = Note {
            what: format!("The word “{WORD}” is missing."),
            then: "Nothing was erased. Type it if you mean it.".to_owned(),
        };
        return page(&owner, typed, Some(note)).await;
    }
    let services = owner.services();
    let Erased {
        accounts,
        connections,
        vehicles,
    } = erased(services, (&owner.identity, ACTOR), owner.now).await?;
    let counts = format!(
        "{}, {} and {} are gone.",
        count(accounts, "account"),
        count(connections, "connection"),
        count(vehicles.len(), "car")
    );
    let page = ErasedPage {
        frame: MeFrame::of(&owner.guest, "Everything is erased"),
        counts,
    };
    let fresh = draw_secret(&services.rng);
    Ok(with_cookie(
        services,
        &fresh,
        Page::new(page).into_response(),
    ))
}

/// Erases everything that is kept of an owner, in the database and in the request log.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn erased(
    services: &Services,
    (identity, actor): Acting<'_>,
    now: Timestamp,
) -> Result<Erased, StoreError> {
    let of = identity.clone();
    let look = async move |tx: &mut Tx<'_>| audited(tx, &of).await;
    let entries = services.store.scan(look).await?;
    let (of, by) = (identity.clone(), actor.to_owned());
    let unit = async move |tx: &mut Tx<'_>| erase_owner(tx, (&of, &by), &entries, now).await;
    let erased: Erased = services.store.write(unit).await?;
    if let Some(log) = &services.owners.log {
        log.forget(&erased.vehicles);
    }
    Ok(erased)
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
