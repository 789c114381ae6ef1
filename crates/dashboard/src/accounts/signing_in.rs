//! How a member comes in: password, second factor, link; and the sessions that follow.

use std::time::Duration;

use carport_model::member::Purpose;
use carport_model::token::draw_secret;
use carport_model::{
    Digest, EmailAddress, Member, MemberId, Secret, Session, SessionId, Timestamp,
};
use carport_store::members::Credentials;
use carport_store::{
    StoreError, Tx, audit_log, member_links, member_sessions, members, recovery_codes,
};

use super::error::AccountError;
use super::service::{Accounts, By};
use super::throttle::Key;
use super::{recovery, totp};

/// How long a session lives.
pub(crate) const LIVES: Duration = Duration::from_hours(30 * 24);
/// How long it lives unused.
const IDLE: Duration = Duration::from_hours(7 * 24);
/// How often its use is noted.
const NOTED: Duration = Duration::from_mins(1);
/// Characters of what a browser calls itself.
const LONGEST_AGENT: usize = 200;

/// Where a sign-in comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Client {
    /// The machine or its network, as waits are counted.
    pub network: String,
    /// The network roughly, as it is kept.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

/// How somebody goes on who is who they say.
#[derive(Debug)]
pub(crate) enum SignIn {
    /// The secret of a new session.
    Done(Secret<String>),
    /// The secret with which the second factor is asked for.
    SecondFactor(Secret<String>),
}

/// Why a code was looked at.
enum Proof {
    Step(i64),
    Recovery(Digest),
}

impl Accounts {
    /// Signs in with address and password. Whether there is such a member, neither answer nor time
    /// tells.
    pub(crate) async fn sign_in(
        &self,
        email: &str,
        password: &Secret<String>,
        client: &Client,
    ) -> Result<SignIn, AccountError> {
        let now = self.now();
        self.let_try(&Key::Address(client.network.clone()), now)?;
        let account = email.trim().to_lowercase();
        let found = self.by_address(&account).await?;
        let known = found.filter(|(member, _)| member.is_let_in());
        let hash = known
            .as_ref()
            .and_then(|(_, credentials)| credentials.password.clone());
        let is_met = self.hasher.verify(password, hash).await?;
        let Some((member, _)) = known.filter(|_| is_met) else {
            self.throttle.failed(&client.network, &account, now);
            return Err(AccountError::Refused);
        };
        self.throttle.succeeded(&Key::Account(account));
        self.proceed(&member, client, "password").await
    }

    /// Goes on with a member who is who they say: to the second factor, or in.
    pub(super) async fn proceed(
        &self,
        member: &Member,
        client: &Client,
        how: &str,
    ) -> Result<SignIn, AccountError> {
        if member.has_second_factor {
            let (token, link) = self.new_link(Purpose::SecondFactor, Some(member.id));
            let unit = async move |tx: &mut Tx<'_>| member_links::insert(tx, &link).await;
            self.parts.store.write(unit).await?;
            return Ok(SignIn::SecondFactor(token));
        }
        self.start(member, client, how, None)
            .await
            .map(SignIn::Done)
    }

    /// Whose second factor is asked for with this secret.
    pub(crate) async fn asked(&self, token: &str) -> Result<Member, AccountError> {
        self.of_link(token, Purpose::SecondFactor).await
    }

    /// Signs in with a code of the app, or with a recovery code.
    pub(crate) async fn second_step(
        &self,
        token: &str,
        code: &str,
        client: &Client,
    ) -> Result<Secret<String>, AccountError> {
        let member = self.asked(token).await?;
        let link = (Digest::of(token), Purpose::SecondFactor);
        let how = self.prove(&member, code).await?;
        self.start(&member, client, how, Some(link)).await
    }

    /// Whom a link is for, when it works.
    pub(crate) async fn of_link(
        &self,
        token: &str,
        purpose: Purpose,
    ) -> Result<Member, AccountError> {
        let (digest, now) = (Digest::of(token), self.now());
        let found = self
            .parts
            .store
            .read(async move |tx: &mut Tx<'_>| {
                let link = member_links::find(tx, &digest, purpose, now).await?;
                match link.and_then(|link| link.member) {
                    Some(id) => members::find(tx, id).await,
                    None => Ok::<_, StoreError>(None),
                }
            })
            .await?;
        let is_out = |member: &Member| member.disabled_at.is_some();
        found
            .filter(|member| !is_out(member))
            .ok_or(AccountError::Link)
    }

    /// Whether the link that makes the first member works.
    pub(crate) async fn set_up_works(&self, token: &str) -> Result<bool, StoreError> {
        let (digest, now) = (Digest::of(token), self.now());
        self.parts
            .store
            .read(async move |tx: &mut Tx<'_>| {
                let link = member_links::find(tx, &digest, Purpose::SetUp, now).await?;
                Ok(link.is_some() && !members::any(tx).await?)
            })
            .await
    }

    /// Signs in by a link that the operator made, which stands for the second factor, too: whoever
    /// makes it could as well take the factor away.
    pub(crate) async fn by_link(
        &self,
        token: &str,
        client: &Client,
    ) -> Result<Secret<String>, AccountError> {
        let member = self.of_link(token, Purpose::SignIn).await?;
        let link = (Digest::of(token), Purpose::SignIn);
        self.start(&member, client, "link", Some(link)).await
    }

    /// Signs a member in who has just been made.
    pub(crate) async fn first_session(
        &self,
        member: &Member,
        client: &Client,
    ) -> Result<Secret<String>, AccountError> {
        self.start(member, client, "password", None).await
    }

    /// The session that opens to this secret, and whose it is; `None` when it is over.
    pub(crate) async fn session(
        &self,
        token: &str,
        address: &str,
    ) -> Result<Option<(Session, Member)>, StoreError> {
        let (digest, now) = (Digest::of(token), self.now());
        let found = self
            .parts
            .store
            .read(async move |tx: &mut Tx<'_>| member_sessions::by_digest(tx, &digest).await)
            .await?;
        let lives =
            |session: &Session| session.expires_at > now && session.seen_at.plus(IDLE) > now;
        let found = found.filter(|(session, member)| lives(session) && member.is_let_in());
        if let Some((session, _)) = &found
            && session.seen_at.plus(NOTED) <= now
        {
            let (id, address) = (session.id, address.to_owned());
            let unit =
                async move |tx: &mut Tx<'_>| member_sessions::touch(tx, id, now, &address).await;
            // A page can be shown all the same.
            let noted: Result<(), StoreError> = self.parts.store.write(unit).await;
            drop(noted);
        }
        Ok(found)
    }

    /// Ends a session of a member; `None` for all but `except`.
    pub(crate) async fn end_sessions(
        &self,
        member: &Member,
        one: Option<SessionId>,
        except: Option<SessionId>,
    ) -> Result<(), StoreError> {
        let by = by(member);
        let id = member.id;
        let entry = self.entry(&by, "session.ended", String::new());
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let ended = match one {
                    Some(one) => member_sessions::end(tx, id, one).await?,
                    None => member_sessions::end_all(tx, id, except).await? > 0,
                };
                if ended {
                    audit_log::append(tx, &entry).await?;
                }
                Ok::<_, StoreError>(())
            })
            .await
    }

    /// Refuses while too many mistakes were made.
    pub(super) fn let_try(&self, key: &Key, now: Timestamp) -> Result<(), AccountError> {
        match self.throttle.wait(key, now) {
            Some(wait) => Err(AccountError::Wait(wait.as_secs().max(1))),
            None => Ok(()),
        }
    }

    /// Whether the code is the member's, and uses it up; tells how they proved themselves.
    pub(super) async fn prove(
        &self,
        member: &Member,
        code: &str,
    ) -> Result<&'static str, AccountError> {
        let now = self.now();
        let key = Key::Factor(member.id.to_string());
        self.let_try(&key, now)?;
        let id = member.id;
        let credentials = self.credentials(id).await?;
        let proof = match self.step(id, &credentials, code, now)? {
            Some(step) => Proof::Step(step),
            None => Proof::Recovery(recovery::digest(code)),
        };
        let by = by(member);
        let failed = self.entry(&by, "second_factor.failed", String::new());
        let used = self
            .parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let (used, how) = match &proof {
                    Proof::Step(step) => (members::use_step(tx, id, *step).await?, "app"),
                    Proof::Recovery(code) => {
                        let used = recovery_codes::consume(tx, id, code, now).await?;
                        (used, "recovery code")
                    }
                };
                if !used {
                    // Kept: a refusal that has an effect is no error of the unit.
                    audit_log::append(tx, &failed).await?;
                }
                Ok::<_, StoreError>(used.then_some(how))
            })
            .await?;
        if let Some(how) = used {
            self.throttle.succeeded(&key);
            return Ok(how);
        }
        self.throttle.failed_factor(&member.id.to_string(), now);
        Err(AccountError::Code)
    }

    fn step(
        &self,
        id: MemberId,
        credentials: &Credentials,
        code: &str,
        now: Timestamp,
    ) -> Result<Option<i64>, AccountError> {
        let Some(sealed) = &credentials.second_factor else {
            return Err(AccountError::Factor);
        };
        let secret = self.parts.sealer.open(sealed, &place(id));
        let secret = secret.map_err(|_| AccountError::Sealed)?;
        Ok(totp::step_of(code, secret.expose(), now, credentials.step))
    }

    pub(super) async fn credentials(&self, id: MemberId) -> Result<Credentials, AccountError> {
        let found = self
            .parts
            .store
            .read(async move |tx: &mut Tx<'_>| members::credentials(tx, id).await)
            .await;
        found
            .map_err(AccountError::Store)?
            .ok_or(AccountError::Unknown)
    }

    async fn by_address(&self, account: &str) -> Result<Option<(Member, Credentials)>, StoreError> {
        let Ok(email) = account.parse::<EmailAddress>() else {
            return Ok(None);
        };
        self.parts
            .store
            .read(async move |tx: &mut Tx<'_>| {
                let Some(member) = members::by_email(tx, &email).await? else {
                    return Ok(None);
                };
                let credentials = members::credentials(tx, member.id).await?;
                Ok(credentials.map(|credentials| (member, credentials)))
            })
            .await
    }

    /// Starts a session, and uses up the link that led to it.
    async fn start(
        &self,
        member: &Member,
        client: &Client,
        how: &str,
        link: Option<(Digest, Purpose)>,
    ) -> Result<Secret<String>, AccountError> {
        let now = self.now();
        let token = draw_secret(&*self.parts.rng);
        let digest = Digest::of(token.expose());
        let session = Session {
            id: SessionId::draw(&*self.parts.rng),
            member: member.id,
            made_at: now,
            seen_at: now,
            expires_at: now.plus(LIVES),
            address: client.address.clone(),
            agent: client.agent.chars().take(LONGEST_AGENT).collect(),
        };
        let entry = self.entry(&by(member), "session.started", how.to_owned());
        let id = member.id;
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                if let Some((link, purpose)) = &link
                    && !member_links::consume(tx, link, *purpose, now).await?
                {
                    return Err(AccountError::Link);
                }
                members::join(tx, id, now).await?;
                member_sessions::insert(tx, &session, &digest).await?;
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await?;
        Ok(token)
    }
}

/// The member as the one who does something.
pub(super) fn by(member: &Member) -> By {
    By {
        actor: member.actor(),
        role: member.role,
    }
}

/// What the sealed secret of a second factor is bound to.
pub(super) fn place(id: MemberId) -> String {
    format!("members/{id}/second_factor")
}
