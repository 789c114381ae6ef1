//! What members change about themselves: name, password, second factor.

use carport_model::member::Purpose;
use carport_model::{Digest, EmailAddress, Member, MemberId, Secret, Session, SessionId};
use carport_store::{
    StoreError, Tx, audit_log, member_links, member_sessions, members, recovery_codes,
};

use carport_web::words::t;

use super::error::AccountError;
use super::service::{Accounts, By, name_of};
use super::signing_in::{by, place};
use super::throttle::Key;
use super::{password, recovery, totp};

impl Accounts {
    /// Renames a member.
    pub(crate) async fn rename(&self, member: &Member, name: &str) -> Result<(), AccountError> {
        let (id, name) = (member.id, name_of(name)?);
        let unit = async move |tx: &mut Tx<'_>| members::set_name(tx, id, &name).await;
        let renamed: Result<bool, StoreError> = self.parts.store.write(unit).await;
        renamed?;
        Ok(())
    }

    /// Changes a password; other sessions end. Who has none yet needs no old one.
    pub(crate) async fn change_password(
        &self,
        member: &Member,
        session: SessionId,
        (old, new): (&Secret<String>, &Secret<String>),
    ) -> Result<(), AccountError> {
        let now = self.now();
        let key = Key::Factor(format!("password of {}", member.id));
        self.let_try(&key, now)?;
        if let Some(hash) = self.credentials(member.id).await?.password
            && !self.hasher.verify(old, Some(hash)).await?
        {
            self.throttle
                .failed_factor(&format!("password of {}", member.id), now);
            return Err(AccountError::WrongPassword);
        }
        let by = by(member);
        self.set_password(&by, member, new, ("password.changed", Some(session), None))
            .await
    }

    /// Sets a password by a link; all sessions end. The second factor stays.
    pub(crate) async fn reset_password(
        &self,
        token: &str,
        new: &Secret<String>,
    ) -> Result<Member, AccountError> {
        let member = self.of_link(token, Purpose::Reset).await?;
        let link = Some((Digest::of(token), Purpose::Reset));
        self.set_password(&by(&member), &member, new, ("password.reset", None, link))
            .await?;
        Ok(member)
    }

    /// Takes an invitation.
    pub(crate) async fn accept(
        &self,
        token: &str,
        name: &str,
        new: &Secret<String>,
    ) -> Result<Member, AccountError> {
        let member = self.of_link(token, Purpose::Invitation).await?;
        let name = name_of(name)?;
        let link = Some((Digest::of(token), Purpose::Invitation));
        self.set_password(&by(&member), &member, new, ("member.joined", None, link))
            .await?;
        self.rename(&member, &name).await?;
        self.find(member.id).await
    }

    async fn set_password(
        &self,
        by: &By,
        member: &Member,
        new: &Secret<String>,
        (action, except, link): (&str, Option<SessionId>, Option<(Digest, Purpose)>),
    ) -> Result<(), AccountError> {
        password::check(new.expose(), &member.email)?;
        let hash = self.hasher.hash(new, &*self.parts.rng).await?;
        let (id, now) = (member.id, self.now());
        let entry = self.entry(by, action, String::new());
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                if let Some((link, purpose)) = &link {
                    if !member_links::consume(tx, link, *purpose, now).await? {
                        return Err(AccountError::Link);
                    }
                    members::join(tx, id, now).await?;
                }
                members::set_password(tx, id, &hash).await?;
                // Whoever knew the old one is out, and links that set another are worthless.
                member_sessions::end_all(tx, id, except).await?;
                member_links::drop_all(tx, id, Purpose::Reset).await?;
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await
    }

    /// Sends a link that sets a new password to a member with this address, if there is one and
    /// letters can be sent. Whether there is, nobody is told. The letter speaks the language of who asks.
    pub(crate) async fn forgot(&self, email: &str) -> Result<(), StoreError> {
        let Ok(email) = email.parse::<EmailAddress>() else {
            return Ok(());
        };
        let found = self
            .parts
            .store
            .read(async move |tx: &mut Tx<'_>| members::by_email(tx, &email).await)
            .await?;
        let Some(member) = found.filter(Member::is_let_in) else {
            return Ok(());
        };
        let address = self.link(&by(&member), &member, Purpose::Reset).await?;
        let host = self.parts.public_url.host();
        let subject = t("A new password for the Carport at {host}").with("host", host);
        let told = t("Somebody, perhaps you, asked for a new password for the Carport at {host}.")
            .with("host", host);
        let wanted = t("Open this address within an hour to choose one:");
        let stray = t("If it was not you, leave this letter; your password stays as it is.");
        let address = address.expose();
        let text = format!("{told}\n\n{wanted}\n\n{address}\n\n{stray}\n");
        self.mail(&member, subject.plain(), text);
        Ok(())
    }

    /// A secret for an authenticator app that is to be enrolled.
    pub(crate) fn draw_factor(&self) -> Secret<String> {
        totp::draw(&*self.parts.rng)
    }

    /// Enrols an app that shows the right code; tells the recovery codes, this once.
    pub(crate) async fn enrol(
        &self,
        member: &Member,
        secret: &Secret<String>,
        code: &str,
    ) -> Result<Vec<String>, AccountError> {
        let now = self.now();
        let step = totp::step_of(code, secret.expose(), now, 0).ok_or(AccountError::Code)?;
        let id = member.id;
        let sealed = self.parts.sealer.seal(secret, &place(id), &*self.parts.rng);
        let (codes, digests) = self.draw_codes();
        let entry = self.entry(&by(member), "second_factor.enrolled", String::new());
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                if !members::enrol(tx, id, sealed.clone(), step).await? {
                    return Err(AccountError::Factor);
                }
                recovery_codes::replace(tx, id, &digests).await?;
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await?;
        Ok(codes)
    }

    /// Makes new recovery codes, for a code of the app; the old ones stop working.
    pub(crate) async fn renew_codes(
        &self,
        member: &Member,
        code: &str,
    ) -> Result<Vec<String>, AccountError> {
        self.prove(member, code).await?;
        let id = member.id;
        let (codes, digests) = self.draw_codes();
        let entry = self.entry(&by(member), "recovery_codes.made", String::new());
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                recovery_codes::replace(tx, id, &digests).await?;
                audit_log::append(tx, &entry).await
            })
            .await?;
        Ok(codes)
    }

    /// Takes a member's second factor away, for a code.
    pub(crate) async fn disenrol(&self, member: &Member, code: &str) -> Result<(), AccountError> {
        self.prove(member, code).await?;
        self.take_factor(&by(member), member.id).await
    }

    /// Takes a member's second factor away, as the operator may.
    ///
    /// # Errors
    /// [`AccountError::Factor`] when there is none.
    pub async fn take_factor(&self, by: &By, id: MemberId) -> Result<(), AccountError> {
        let entry = self.entry(
            by,
            "second_factor.removed",
            carport_model::member::actor(id),
        );
        self.parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                if !members::disenrol(tx, id).await? {
                    return Err(AccountError::Factor);
                }
                recovery_codes::replace(tx, id, &[]).await?;
                audit_log::append(tx, &entry).await?;
                Ok(())
            })
            .await
    }

    /// The sessions of a member, and how many recovery codes they have left.
    pub(crate) async fn own(&self, id: MemberId) -> Result<(Vec<Session>, i64), StoreError> {
        self.parts
            .store
            .read(async move |tx: &mut Tx<'_>| {
                let sessions = member_sessions::list(tx, id).await?;
                Ok((sessions, recovery_codes::left(tx, id).await?))
            })
            .await
    }

    fn draw_codes(&self) -> (Vec<String>, Vec<Digest>) {
        let codes = recovery::draw(&*self.parts.rng);
        let digests = codes.iter().map(|code| recovery::digest(code)).collect();
        (codes, digests)
    }
}
