//! How commands reach a running server: a Unix socket in the data folder, one line of JSON each
//! way. Without a server the same requests run on the opened database.
//! Source: data model, "Pages and processes".

mod administration;
mod applications;
mod clock;
mod connect_side;
mod faults;
mod logs;
mod owners;
mod requests;
mod simulations;
mod socket;
mod users;
mod vehicles;
mod webhooks;

pub use administration::{Administration, view_of_new};
pub use applications::{ApplicationRequest, ApplicationView};
pub use clock::ClockRequest;
pub use connect_side::{ConnectSideRequest, ConnectSideView};
pub use faults::FaultRequest;
pub use logs::{LogPage, LogRequest, RequestsWanted, RunsWanted};
pub use owners::{OwnerRequest, SharedView};
pub use requests::{ReadyLine, Request, ScenarioRequest, SimulatedCarView, SimulationRequest};
pub use simulations::Consenting;
pub use socket::{ask, listen};
pub use users::{MemberView, UserRequest};
pub use vehicles::VehicleRequest;
pub use webhooks::WebhookView;

use std::path::Path;

use carport_store::StoreError;
use serde_json::Value;

use crate::config::{Config, General};
use crate::data::DataFolder;
use crate::server::Parts;

/// Who the audit log says it was: whoever has the data folder.
const ACTOR: &str = "operator";

#[expect(clippy::needless_pass_by_value, reason = "shape of map_err")]
fn told(error: StoreError) -> String {
    error.to_string()
}

/// Carries `request` out on the server of the data folder, or on the folder itself when none runs.
///
/// # Errors
/// One line that says what to do.
pub async fn carry_out(config: &Config, request: &Request) -> anyhow::Result<Value> {
    let general = General::read(config)?;
    let path = match &general.database {
        // A database of its own needs no folder to exist, only the key's.
        Some(_) => DataFolder::open(general.data.as_deref())?.path().to_owned(),
        None => find_or_make(general.data.as_deref(), request)?,
    };
    if let Some(answer) = ask(&path, request).await? {
        return answer.map_err(anyhow::Error::msg);
    }
    let folder = DataFolder::open(Some(&path))?;
    let public_url = general.public_url_at(general.listen)?;
    let parts = Parts::assemble(config, &general, &folder, public_url, None).await?;
    Administration::on_folder(parts)
        .carry_out(request)
        .await
        .map_err(anyhow::Error::msg)
}

/// The data folder of a command; the first application or member may come before the first server.
fn find_or_make(named: Option<&Path>, request: &Request) -> anyhow::Result<std::path::PathBuf> {
    match (DataFolder::find(named), request) {
        (Ok(path), _) => Ok(path),
        (
            Err(_),
            Request::CreateApplication { .. }
            | Request::User {
                user: UserRequest::Create { .. },
            },
        ) => Ok(DataFolder::open(named)?.path().to_owned()),
        (Err(error), _) => Err(error),
    }
}
