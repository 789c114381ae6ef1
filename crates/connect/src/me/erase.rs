//! The end of everything that is kept of an owner.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_model::token::draw_secret;
use carport_model::{Account, Mode, Timestamp, worded};
use carport_store::owners::{ACTOR, Acting, Erased, accounts_of, audited, erase as erase_owner};
use carport_store::{StoreError, Tx};
use carport_web::Page;
use carport_web::words::{Text, filters, say, t};

use super::frame::{MeFrame, show};
use super::home;
use super::problem::MeError;
use super::visitor::{Decided, Owner, with_cookie};
use crate::Services;
use crate::frame::{Note, wrong};

/// What has to be typed.
const WORD: Text = t("erase");

#[derive(Template)]
#[template(path = "connect/me/erase.html")]
struct ErasePage {
    frame: MeFrame,
    word: Text,
    typed: String,
    trouble: Option<Note>,
    accounts: String,
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
    let title = t("Erase everything?");
    let (status, title) = match trouble {
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, wrong(title)),
        None => (StatusCode::OK, title.plain()),
    };
    let accounts: Vec<String> = accounts
        .iter()
        .map(|account| named(owner.services(), account))
        .collect();
    let page = ErasePage {
        frame: MeFrame::of_owner(owner, title),
        word: WORD,
        typed,
        trouble,
        accounts: accounts.join("; "),
        connections: home::shared(owner).await?.len(),
    };
    Ok(show(&owner.guest, status, page))
}

/// "Volvo, test cars".
fn named(services: &Services, account: &Account) -> String {
    let brand = services.catalogue.brands.get(&account.brand);
    let brand = brand.map_or(account.brand.as_str(), |brand| brand.name.as_str());
    match account.mode {
        Mode::Live => brand.to_owned(),
        Mode::Simulated => t("{brand}, simulated cars").with("brand", brand).plain(),
        Mode::Test => t("{brand}, test cars").with("brand", brand).plain(),
    }
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
    if typed.to_lowercase() != WORD.plain().to_lowercase() {
        let note = Note::new(
            t("The word “{word}” is missing.").with("word", WORD),
            t("Nothing was erased. Type it if you mean it."),
        );
        return page(&owner, typed, Some(note)).await;
    }
    let services = owner.services();
    let Erased {
        accounts,
        connections,
        vehicles,
    } = erased(services, (&owner.identity, ACTOR), owner.now).await?;
    let counts = t("{accounts}, {connections} and {cars} are gone.")
        .with("accounts", counted(accounts, ACCOUNT))
        .with("connections", counted(connections, CONNECTION))
        .with("cars", counted(vehicles.len(), CAR));
    let page = ErasedPage {
        frame: MeFrame::of(&owner.guest, t("Everything is erased")),
        counts: counts.plain(),
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

/// One of something, and another number of it.
type Counted = (&'static str, &'static str);
const ACCOUNT: Counted = (worded("1 account"), worded("{count} accounts"));
const CONNECTION: Counted = (worded("1 connection"), worded("{count} connections"));
const CAR: Counted = (worded("1 car"), worded("{count} cars"));

fn counted(number: usize, (one, several): Counted) -> String {
    let words = if number == 1 { one } else { several };
    say(words).with("count", number).plain()
}
