//! The arguments of `carport app`.

use clap::Subcommand;

use super::AppSettings;

/// `carport app`.
#[derive(Debug, Subcommand)]
pub enum App {
    /// Register an application; its secrets are printed once
    Create {
        /// Name that owners read in Connect
        #[arg(long)]
        name: String,
        /// Where Connect may send owners back to; the first is the default
        #[arg(long = "redirect-uri", value_name = "URI")]
        redirect_uris: Vec<String>,
        /// Without a secret, for phones and browsers: PKCE is required
        #[arg(long)]
        public: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the applications
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one application
    Show {
        /// Client id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Change the name that owners read in Connect
    Rename {
        /// Client id
        id: String,
        /// The new name
        name: String,
    },
    /// Change the description or the link to the privacy policy; an empty text takes it away
    #[command(group = clap::ArgGroup::new("texts").required(true).multiple(true))]
    Describe {
        /// Client id
        id: String,
        /// One sentence for your own list of applications
        #[arg(long, value_name = "TEXT", group = "texts")]
        description: Option<String>,
        /// Link that owners find in Connect
        #[arg(long, value_name = "URL", group = "texts")]
        privacy_url: Option<String>,
    },
    /// Make a new client secret; the old ones go on working for a while
    RotateSecret {
        /// Client id
        id: String,
        /// Hours the old secrets go on working
        #[arg(long, default_value_t = 24, value_name = "HOURS")]
        overlap: u64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a new management token; the old one stops working at once, webhooks included
    RotateToken {
        /// Client id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the management token
    ShowToken {
        /// Client id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List and revoke client secrets
    #[command(subcommand)]
    Secret(AppSecret),
    /// Make, list and remove the credentials of programs (API v3)
    #[command(subcommand)]
    MachineCredential(MachineCredential),
    /// Change the redirect URIs
    #[command(subcommand)]
    RedirectUri(RedirectUri),
    #[command(flatten)]
    Settings(AppSettings),
    /// Refuse an application's calls of the vehicle API (430 BILLING) until it is resumed; its
    /// tokens and connections stay, and Connect and the token endpoint go on
    Suspend {
        /// Client id
        id: String,
    },
    /// Take an application's calls again
    Resume {
        /// Client id
        id: String,
    },
    /// Let Connect, the token endpoint and both APIs know an application again
    Enable {
        /// Client id
        id: String,
    },
    /// Let Connect, the token endpoint and both APIs forget an application until it is enabled; its
    /// connections stay
    Disable {
        /// Client id
        id: String,
    },
    /// Delete an application with its users, connections and tokens
    Delete {
        /// Client id
        id: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// `carport app redirect-uri`.
#[derive(Debug, Subcommand)]
pub enum RedirectUri {
    /// Add an address
    Add {
        /// Client id
        id: String,
        /// The address, compared letter by letter; docs/guide/browser-sdk.md tells that of the
        /// browser SDK
        uri: String,
    },
    /// Remove an address; when it was the default, the next one becomes it
    Remove {
        /// Client id
        id: String,
        /// The address
        uri: String,
    },
    /// Make an address the one that Connect uses when a link names none
    Default {
        /// Client id
        id: String,
        /// The address
        uri: String,
    },
}

/// `carport app secret`.
#[derive(Debug, Subcommand)]
pub enum AppSecret {
    /// List the client secrets that work: id, last characters, when made, when they end
    List {
        /// Client id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a client secret at once
    Revoke {
        /// Client id
        id: String,
        /// Id of the secret, as `carport app secret list` shows it
        secret: String,
    },
}

/// `carport app machine-credential`.
#[derive(Debug, Subcommand)]
pub enum MachineCredential {
    /// Make a secret, and before the first one the client id; printed once
    Add {
        /// Client id of the application
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the client id and its secrets: id, last characters, when made
    List {
        /// Client id of the application
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove a secret at once; with the last one the client id goes too
    Remove {
        /// Client id of the application
        id: String,
        /// Id of the secret, as `carport app machine-credential list` shows it
        secret: String,
    },
}
