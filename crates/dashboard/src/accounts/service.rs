//! The accounts of the team, over storage, clock, randomness and the installation's key. Pages and
//! commands use the same functions.

use std::sync::Arc;

use carport_model::member::{Purpose, actor};
use carport_model::{
    Action, ApplicationId, Clock, Digest, EmailAddress, Mail, Mailer, Member, MemberId, Rng, Role,
    Secret, Timestamp,
};
use carport_oauth::sealing::Sealer;
use carport_store::audit_log::{self, NO_APPLICATION};
use carport_store::member_links::{self, Link};
use carport_store::{Store, StoreError, Tx, member_sessions, members};
use carport_web::PublicUrl;
use carport_web::words::t;

use super::error::AccountError;
use super::openid::Provider;
use super::password::{self, Hasher};
use super::throttle::Throttle;
use crate::team::described;

/// Characters of a name.
const LONGEST_NAME: usize = 60;

/// What accounts work with.
#[derive(Clone)]
pub struct Parts {
    /// Storage.
    pub store: Store,
    /// Time, as telephones know it: codes of apps depend on it.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Seals what must be readable again.
    pub sealer: Sealer,
    /// Sends letters, where a mail server is configured.
    pub mailer: Option<Mailer>,
    /// Where links lead.
    pub public_url: PublicUrl,
    /// Where members may sign in as well.
    pub provider: Option<Arc<Provider>>,
}

/// The accounts. Cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

/// What the clones of [`Accounts`] share.
pub struct Inner {
    pub(super) parts: Parts,
    pub(super) hasher: Hasher,
    pub(super) throttle: Throttle,
}

impl std::ops::Deref for Accounts {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Who does something to the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// How the audit log calls them.
    pub actor: String,
    /// What they may do.
    pub role: Role,
}

impl By {
    /// Whoever runs commands on the server's machine.
    #[must_use]
    pub fn operator() -> Self {
        Self {
            actor: "operator".to_owned(),
            role: Role::Owner,
        }
    }
}

/// Somebody who is to be a member.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// Address.
    pub email: String,
    /// Name; the part of the address before the @ when absent.
    pub name: Option<String>,
    /// Role.
    pub role: Role,
    /// The applications that an editor or viewer is limited to.
    pub only: Option<Vec<ApplicationId>>,
}

impl Accounts {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            hasher: Hasher::new(&*parts.rng),
            throttle: Throttle::default(),
            parts,
        }))
    }

    pub(super) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Whether letters can be sent.
    pub(crate) fn has_mail(&self) -> bool {
        self.parts.mailer.is_some()
    }

    /// Whether there is a member at all.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn any(&self) -> Result<bool, StoreError> {
        self.parts
            .store
            .read(async |tx: &mut Tx<'_>| members::any(tx).await)
            .await
    }

    /// The members, in the order of their addresses, after one of them, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn list(
        &self,
        after: Option<EmailAddress>,
        limit: i64,
    ) -> Result<Vec<Member>, StoreError> {
        self.parts
            .store
            .scan(async move |tx: &mut Tx<'_>| members::page(tx, after.as_ref(), limit).await)
            .await
    }

    /// The member with this address.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is none.
    pub async fn by_email(&self, email: &str) -> Result<Member, AccountError> {
        let email: EmailAddress = email.parse().map_err(|_| AccountError::Email)?;
        let found = self
            .parts
            .store
            .read(async move |tx: &mut Tx<'_>| members::by_email(tx, &email).await)
            .await;
        found
            .map_err(AccountError::Store)?
            .ok_or(AccountError::Unknown)
    }

    /// The member with this id.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is none.
    pub async fn find(&self, id: MemberId) -> Result<Member, AccountError> {
        let found = self
            .parts
            .store
            .read(async move |tx: &mut Tx<'_>| members::find(tx, id).await)
            .await;
        found
            .map_err(AccountError::Store)?
            .ok_or(AccountError::Unknown)
    }

    /// Makes a member who can sign in at once with this password.
    ///
    /// # Errors
    /// [`AccountError`] says what to change.
    pub async fn create(
        &self,
        by: &By,
        new: NewMember,
        password: &Secret<String>,
    ) -> Result<Member, AccountError> {
        let member = self.new_member(by, new, Some(self.now()))?;
        password::check(password.expose(), &member.email)?;
        let hash = self.hasher.hash(password, &*self.parts.rng).await?;
        let entry = self.entry(by, "member.created", told(&member));
        let kept = member.clone();
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                if !members::insert(tx, &kept, Some(&hash)).await? {
                    return Err(AccountError::Taken);
                }
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await?;
        Ok(member)
    }

    /// Makes the first member, when there is none yet.
    ///
    /// # Errors
    /// [`AccountError::NotFirst`] when there is one; otherwise what to change.
    pub async fn create_first(
        &self,
        email: &str,
        name: Option<String>,
        password: &Secret<String>,
        link: Option<Digest>,
    ) -> Result<Member, AccountError> {
        let by = By::operator();
        let new = NewMember {
            email: email.to_owned(),
            name,
            role: Role::Owner,
            only: None,
        };
        let now = self.now();
        let member = self.new_member(&by, new, Some(now))?;
        password::check(password.expose(), &member.email)?;
        let hash = self.hasher.hash(password, &*self.parts.rng).await?;
        let entry = self.entry(&by, "member.created", told(&member));
        let kept = member.clone();
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                members::hold_team(tx).await?;
                if members::any(tx).await? {
                    return Err(AccountError::NotFirst);
                }
                if let Some(link) = &link
                    && !member_links::consume(tx, link, Purpose::SetUp, now).await?
                {
                    return Err(AccountError::Link);
                }
                members::insert(tx, &kept, Some(&hash)).await?;
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await?;
        Ok(member)
    }

    /// The owner of a `dev` server, who comes in by links alone; made when not there yet.
    ///
    /// # Errors
    /// [`AccountError`] from storage.
    pub async fn operator(&self) -> Result<Member, AccountError> {
        let new = NewMember {
            email: "operator@localhost".to_owned(),
            name: Some("Operator".to_owned()),
            role: Role::Owner,
            only: None,
        };
        let member = self.new_member(&By::operator(), new, Some(self.now()))?;
        let kept = member.clone();
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                members::insert(tx, &kept, None).await?;
                Ok::<_, StoreError>(())
            })
            .await?;
        self.by_email(member.email.as_str()).await
    }

    /// Invites somebody; tells the link that they follow. A letter takes it to them where letters
    /// can be sent.
    ///
    /// # Errors
    /// [`AccountError`] says what to change.
    pub async fn invite(
        &self,
        by: &By,
        new: NewMember,
    ) -> Result<(Member, Secret<String>), AccountError> {
        let member = self.new_member(by, new, None)?;
        let (token, link) = self.new_link(Purpose::Invitation, Some(member.id));
        let entry = self.entry(by, "member.invited", told(&member));
        let kept = member.clone();
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                if !members::insert(tx, &kept, None).await? {
                    return Err(AccountError::Taken);
                }
                member_links::insert(tx, &link).await?;
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await?;
        let address = self.address(Purpose::Invitation, &token);
        self.mail_invitation(&member, &address);
        Ok((member, address))
    }

    /// Makes a new link for somebody who was invited; the old one stops working.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], also when they have come already.
    pub async fn invite_again(
        &self,
        by: &By,
        id: MemberId,
    ) -> Result<(Member, Secret<String>), AccountError> {
        let member = self.find(id).await?;
        if member.joined_at.is_some() {
            return Err(AccountError::Unknown);
        }
        check_reach(by, &member, member.role)?;
        let address = self.link(by, &member, Purpose::Invitation).await?;
        self.mail_invitation(&member, &address);
        Ok((member, address))
    }

    /// Makes a link for a member; earlier ones for the same purpose stop working.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn link(
        &self,
        by: &By,
        member: &Member,
        purpose: Purpose,
    ) -> Result<Secret<String>, StoreError> {
        let id = member.id;
        let (token, link) = self.new_link(purpose, Some(id));
        let entry = self.entry(by, "link.made", format!("{purpose} for {}", member.actor()));
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                member_links::drop_all(tx, id, purpose).await?;
                member_links::insert(tx, &link).await?;
                audit_log::append(tx, &entry).await
            })
            .await?;
        Ok(self.address(purpose, &token))
    }

    /// Makes a link that makes the first member.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn set_up_link(&self) -> Result<Secret<String>, StoreError> {
        let (token, link) = self.new_link(Purpose::SetUp, None);
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| member_links::insert(tx, &link).await)
            .await?;
        Ok(self.address(Purpose::SetUp, &token))
    }

    /// Gives a member another role, and a limit to applications when the role can have one.
    ///
    /// # Errors
    /// [`AccountError`] says why not.
    pub async fn change_role(
        &self,
        by: &By,
        id: MemberId,
        role: Role,
        only: Option<Vec<ApplicationId>>,
    ) -> Result<(), AccountError> {
        let (by, only) = (by.clone(), limit_of(role, only));
        let limit = only
            .as_ref()
            .map_or_else(String::new, |only| format!(", {} applications", only.len()));
        let entry = self.entry(
            &by,
            "member.role_changed",
            format!("{}, {role}{limit}", actor(id)),
        );
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let member = held(tx, id).await?;
                check_reach(&by, &member, role)?;
                if role != Role::Owner {
                    check_owner_remains(tx, &member).await?;
                }
                members::set_role(tx, id, role, only.as_deref()).await?;
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await
    }

    /// Keeps a member out and ends their sessions, or lets them in again.
    ///
    /// # Errors
    /// [`AccountError`] says why not.
    pub async fn set_suspended(
        &self,
        by: &By,
        id: MemberId,
        suspended: bool,
    ) -> Result<(), AccountError> {
        let (by, now) = (by.clone(), self.now());
        let action = if suspended {
            "member.suspended"
        } else {
            "member.resumed"
        };
        let entry = self.entry(&by, action, actor(id));
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let member = held(tx, id).await?;
                check_reach(&by, &member, member.role)?;
                if suspended {
                    check_owner_remains(tx, &member).await?;
                    member_sessions::end_all(tx, id, None).await?;
                }
                members::set_disabled(tx, id, suspended.then_some(now)).await?;
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await
    }

    /// Removes a member with their sessions.
    ///
    /// # Errors
    /// [`AccountError`] says why not.
    pub async fn remove(&self, by: &By, id: MemberId) -> Result<(), AccountError> {
        let by = by.clone();
        let entry = self.entry(&by, "member.removed", actor(id));
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let member = held(tx, id).await?;
                check_reach(&by, &member, member.role)?;
                check_owner_remains(tx, &member).await?;
                members::delete(tx, id).await?;
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await
    }

    pub(super) fn new_member(
        &self,
        by: &By,
        new: NewMember,
        joined_at: Option<Timestamp>,
    ) -> Result<Member, AccountError> {
        let email: EmailAddress = new.email.parse().map_err(|_| AccountError::Email)?;
        if new.role == Role::Owner && !by.role.may(Action::ManageTeam) {
            return Err(AccountError::OwnersOnly);
        }
        let before_at = email.as_str().split('@').next().unwrap_or_default();
        let name = new.name.filter(|name| !name.trim().is_empty());
        Ok(Member {
            id: MemberId::draw(&*self.parts.rng),
            name: match name {
                Some(name) => name_of(&name)?,
                None => before_at.chars().take(LONGEST_NAME).collect(),
            },
            role: new.role,
            only: limit_of(new.role, new.only),
            created_at: self.now(),
            joined_at,
            disabled_at: None,
            has_password: joined_at.is_some(),
            has_second_factor: false,
            email,
        })
    }

    /// A link and the token that opens it.
    pub(super) fn new_link(
        &self,
        purpose: Purpose,
        member: Option<MemberId>,
    ) -> (Secret<String>, Link) {
        let token = carport_model::token::draw_secret(&*self.parts.rng);
        let link = Link {
            digest: Digest::of(token.expose()),
            purpose,
            member,
            expires_at: self.now().plus(purpose.lasts()),
        };
        (token, link)
    }

    pub(super) fn address(&self, purpose: Purpose, token: &Secret<String>) -> Secret<String> {
        let path = match purpose {
            Purpose::SetUp => "set-up",
            Purpose::SignIn => "sign-in/link",
            Purpose::Invitation => "invitation",
            Purpose::Reset => "reset",
            Purpose::SecondFactor => "sign-in/second-factor",
        };
        let path = format!("/dashboard/{path}?token={}", token.expose());
        Secret::new(self.parts.public_url.join(&path))
    }

    /// In the language of who invites: nobody knows the other one's.
    fn mail_invitation(&self, member: &Member, address: &Secret<String>) {
        let host = self.parts.public_url.host();
        let subject = t("You are invited to the Carport at {host}").with("host", host);
        let told = t("You are invited to work with the applications on {host}.").with("host", host);
        let role = described(member.role);
        let wanted = t("Open this address within a week and choose a password:");
        let stray =
            t("If you do not know why you got this letter, leave it; nothing happens then.");
        let address = address.expose();
        let text = format!("{told} {role}.\n\n{wanted}\n\n{address}\n\n{stray}\n");
        self.mail(member, subject.plain(), text);
    }

    pub(super) fn mail(&self, member: &Member, subject: String, text: String) {
        let Some(mailer) = &self.parts.mailer else {
            return;
        };
        let mail = Mail {
            to: member.email.clone(),
            subject,
            text,
        };
        if let Err(error) = mailer.send(mail) {
            tracing::error!(%error, "a letter about an account was not sent");
        }
    }

    /// An entry for the audit log about the team.
    pub(crate) fn told(&self, by: &By, action: &str) -> audit_log::Entry {
        self.entry(by, action, String::new())
    }

    pub(super) fn entry(&self, by: &By, action: &str, detail: String) -> audit_log::Entry {
        audit_log::Entry {
            at: self.now(),
            application: NO_APPLICATION,
            actor: by.actor.clone(),
            action: action.to_owned(),
            detail,
        }
    }
}

/// A name as it is kept.
pub(super) fn name_of(text: &str) -> Result<String, AccountError> {
    let name = text.trim();
    let is_fine = !name.is_empty() && name.chars().count() <= LONGEST_NAME;
    if !is_fine || name.chars().any(char::is_control) {
        return Err(AccountError::Name);
    }
    Ok(name.to_owned())
}

/// A member as the audit log tells of one.
pub(super) fn told(member: &Member) -> String {
    format!("{}, {}", member.actor(), member.role)
}

/// Only editors and viewers can be limited (contract connect-oauth, C).
fn limit_of(role: Role, only: Option<Vec<ApplicationId>>) -> Option<Vec<ApplicationId>> {
    only.filter(|_| matches!(role, Role::Editor | Role::Viewer))
}

/// The member, and nobody else changes the team until the unit ends.
async fn held(tx: &mut Tx<'_>, id: MemberId) -> Result<Member, AccountError> {
    members::hold_team(tx).await?;
    members::find(tx, id).await?.ok_or(AccountError::Unknown)
}

/// Who manages members does not thereby manage owners, nor make them.
fn check_reach(by: &By, member: &Member, role: Role) -> Result<(), AccountError> {
    if !by.role.may(Action::ManageMembers) {
        return Err(AccountError::NotAllowed);
    }
    let concerns_owners = member.role == Role::Owner || role == Role::Owner;
    if concerns_owners && !by.role.may(Action::ManageTeam) {
        return Err(AccountError::OwnersOnly);
    }
    Ok(())
}

async fn check_owner_remains(tx: &mut Tx<'_>, member: &Member) -> Result<(), AccountError> {
    let is_one = member.role == Role::Owner && member.is_let_in();
    if is_one && !members::has_other_owner(tx, member.id).await? {
        return Err(AccountError::LastOwner);
    }
    Ok(())
}
