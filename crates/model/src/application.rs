//! Applications: what a developer registers.

use serde::{Deserialize, Serialize};

use crate::scope::Scope;
use crate::{ApplicationId, Timestamp};

/// A registered application. Its secrets are kept apart, as digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the Dashboard"
)]
pub struct Application {
    /// Equals the legacy client id and `application_id`.
    pub id: ApplicationId,
    /// Name owners read in Connect.
    pub name: String,
    /// Link owners find in Connect, if the developer gave one.
    pub privacy_url: Option<String>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// A disabled application is unknown to Connect and the token endpoint.
    pub enabled: bool,
    /// Since when the operator has suspended it: every call of the vehicle API is refused, while
    /// Connect, tokens and connections go on. `None` when it is not suspended.
    pub suspended_at: Option<Timestamp>,
    /// Vehicle access used when a Connect link carries no `scope`.
    pub default_scope: Scope,
    /// Native or single-page application: no secret, PKCE required, refresh grace 0.
    pub public: bool,
    /// Authorization requests without a PKCE challenge are refused.
    pub require_pkce: bool,
    /// Redirects carry `iss` (RFC 9207).
    pub send_iss: bool,
    /// Older meaning of `required:`: cars that lack the permission are incompatible.
    pub strict_required: bool,
}
