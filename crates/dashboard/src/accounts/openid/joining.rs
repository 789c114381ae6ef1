//! Which member somebody is whom the provider vouches for, and how they come in.

use carport_model::member::Purpose;
use carport_model::{Member, Role};
use carport_store::{Tx, audit_log, member_identities, member_links, members};

use super::provider::Person;
use crate::accounts::error::AccountError;
use crate::accounts::service::{Accounts, By, NewMember, name_of, told};
use crate::accounts::signing_in::{Client, SignIn, by};

impl Accounts {
    /// Signs in whom the provider vouches for: by the name that it has for them for good, and the
    /// first time by their e-mail address. `new_role` is what strangers become; `None` keeps them
    /// out. A second factor is asked for all the same.
    pub(crate) async fn vouched(
        &self,
        person: Person,
        new_role: Option<Role>,
        client: &Client,
    ) -> Result<SignIn, AccountError> {
        let now = self.now();
        let stranger = new_role
            .map(|role| self.stranger(&person, role))
            .transpose()?;
        let accounts = self.clone();
        let member = self
            .parts
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let (issuer, subject) = (&person.issuer, &person.subject);
                if let Some(known) = member_identities::find(tx, issuer, subject).await? {
                    return let_in(known);
                }
                let email = person.email.as_ref().ok_or(AccountError::Unvouched)?;
                let member = if let Some(member) = members::by_email(tx, email).await? {
                    let_in(member)?
                } else {
                    let new = stranger.clone().flatten().ok_or(AccountError::Stranger)?;
                    members::insert(tx, &new, None).await?;
                    let entry = accounts.entry(&by(&new), "member.created", told(&new));
                    audit_log::append(tx, &entry).await?;
                    new
                };
                if !member_identities::bind(tx, member.id, issuer, subject, now).await? {
                    return Err(AccountError::OtherIdentity);
                }
                // Who came this way needs no password, and nobody else shall set one.
                member_links::drop_all(tx, member.id, Purpose::Invitation).await?;
                audit_log::append(tx, &accounts.told(&by(&member), "identity.bound")).await?;
                if member.joined_at.is_none() {
                    audit_log::append(tx, &accounts.told(&by(&member), "member.joined")).await?;
                }
                Ok(member)
            })
            .await?;
        self.proceed(&member, client, "OpenID Connect").await
    }

    /// The member that somebody unknown would become, when there is an address to keep.
    fn stranger(&self, person: &Person, role: Role) -> Result<Option<Member>, AccountError> {
        let Some(email) = &person.email else {
            return Ok(None);
        };
        let name = person.name.as_deref().map(name_of);
        let new = NewMember {
            email: email.as_str().to_owned(),
            name: name.and_then(Result::ok),
            role,
            only: None,
        };
        self.new_member(&By::operator(), new, Some(self.now()))
            .map(Some)
    }
}

/// Whoever was invited may come; whoever was sent away may not.
fn let_in(member: Member) -> Result<Member, AccountError> {
    if member.disabled_at.is_some() {
        return Err(AccountError::Stranger);
    }
    Ok(member)
}
