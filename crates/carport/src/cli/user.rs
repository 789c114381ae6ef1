//! The arguments of `carport user`.

use carport_model::Role;
use clap::Subcommand;

/// `carport user`.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Make an account; the password is asked on the terminal or read from standard input
    Create {
        /// E-mail to sign in with
        #[arg(long)]
        email: String,
        /// Name that the team reads
        #[arg(long)]
        name: Option<String>,
        /// owner, admin, editor or viewer [default: owner for the first account, viewer for others]
        #[arg(long)]
        role: Option<Role>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List accounts
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give an account another role
    Role {
        /// E-mail of the account
        email: String,
        /// owner, admin, editor or viewer
        role: Role,
        /// Limit an editor or viewer to this application; may be given several times
        #[arg(long = "app", value_name = "ID")]
        applications: Vec<String>,
    },
    /// Remove an account; it is signed out everywhere
    Remove {
        /// E-mail of the account
        email: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Print a link that sets a new password, once
    ResetLink {
        /// E-mail of the account
        email: String,
    },
    /// Print a link that signs in without password and second factor, once
    SignInLink {
        /// E-mail of the account
        email: String,
    },
    /// Turn the second factor of an account off, for when app and recovery codes are lost
    DisableTotp {
        /// E-mail of the account
        email: String,
    },
}
