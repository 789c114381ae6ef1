//! What leads where: the rules of a run, without pages. The pages and `carport connect` both
//! walk here.

use std::sync::Arc;

use carport_model::application::Application;
use carport_model::country::Country;
use carport_model::run::event::Event;
use carport_model::run::{
    Aim, ConnectRequest, Decision, Outcome, Progress, ResponseType, RunError, Step,
};
use carport_model::token::{derive_code, draw_secret};
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    AccountId, Brand, BrandId, ConnectSettings, Digest, Permissions, RunId, Secret, UserId,
    VehicleId,
};
use carport_oauth::CODE_LIFETIME;
use carport_store::approvals::{self, Approval, Approved, NewCode};
use carport_store::connect_runs::{self, Run};
use carport_store::run_steps::{self, RunStep};
use carport_store::{StoreError, Tx};

use crate::problem::ConnectError;
use crate::redirect::{Answer, Failure};
use crate::subject::Subject;
use crate::{Services, visit};

/// A run on its way.
#[derive(Clone)]
pub(crate) struct Walk {
    pub services: Arc<Services>,
    pub run: Run,
    pub application: Application,
    /// What it has set about Connect.
    pub settings: Arc<ConnectSettings>,
    /// The connected vehicle that it is about; none when it is for access.
    pub subject: Option<Subject>,
    /// Secret of the cookie, from which the code is derived.
    pub secret: Secret<String>,
    /// Fingerprint of the form that is carried out.
    pub form: String,
}

/// Where a finished run sends its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// To the application.
    Back(String),
    /// Nowhere: Connect's own last page hands the answer over.
    Here(Answer),
}

/// What comes after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// A page.
    Page(Step),
    /// The end.
    Ended(Ending),
}

/// Makes a run; the secret goes into the browser's cookie and nowhere else.
pub(crate) async fn begin(
    services: &Services,
    request: ConnectRequest,
    error: Option<RunError>,
    country: String,
) -> Result<(Run, Secret<String>), StoreError> {
    let secret = draw_secret(&services.rng);
    let now = services.now();
    let step = first_page(request.aim, error.is_some());
    let run = Run {
        id: RunId::draw(&services.rng),
        cookie: Digest::of(secret.expose()),
        request,
        progress: Progress {
            step,
            country,
            brand: None,
            login: None,
            vehicles: Vec::new(),
            blocked: Vec::new(),
            wrong_tries: 0,
            locked_until: None,
            error,
        },
        created_at: now,
        expires_at: now.plus(visit::LIFETIME),
        completed_at: None,
        outcome: None,
    };
    let kept = run.clone();
    services
        .store
        .write(async move |tx: &mut Tx<'_>| connect_runs::insert(tx, &kept).await)
        .await?;
    Ok((run, secret))
}

/// The page on which a run begins.
pub(crate) const fn first_page(aim: Aim, is_wrong: bool) -> Step {
    match aim {
        _ if is_wrong => Step::Error,
        Aim::Access | Aim::Reauthentication(_) => Step::Start,
        Aim::BatteryCapacity(_) => Step::Capacity,
    }
}

/// Whether a page may be shown: the current one, and those that may be gone back to.
pub(crate) fn may_show(progress: &Progress, asked: Step) -> bool {
    let current = progress.step;
    let back = match asked {
        Step::Start => current != Step::Start,
        Step::Brand => place(current) > place(Step::Brand),
        Step::Login => place(current) > place(Step::Login) && progress.brand.is_some(),
        _ => false,
    };
    asked == current || (back && !matches!(current, Step::Error | Step::Done))
}

/// Whether runs with this aim ever come to a page.
pub(crate) const fn leads_to(aim: Aim, page: Step) -> bool {
    match aim {
        Aim::Access => !matches!(page, Step::Capacity),
        // The vehicle's account has its brand.
        Aim::Reauthentication(_) => !matches!(page, Step::Brand | Step::Capacity),
        Aim::BatteryCapacity(_) => matches!(page, Step::Capacity | Step::Error | Step::Done),
    }
}

/// Whether a page lies ahead of the current one.
pub(crate) fn is_beyond(progress: &Progress, asked: Step) -> bool {
    place(asked) > place(progress.step)
}

const fn place(step: Step) -> u8 {
    match step {
        Step::Start => 0,
        Step::Brand => 1,
        Step::Login => 2,
        Step::Mfa => 3,
        Step::Grant
        | Step::NoVehicles
        | Step::Incompatible
        | Step::Subscription
        | Step::Capacity => 4,
        Step::Error => 5,
        Step::Done => 6,
    }
}

impl Walk {
    /// Changes how far the run has come, in one unit of work with the reading before it.
    pub(crate) async fn change<R, F>(&self, change: F) -> Result<R, ConnectError>
    where
        F: Fn(&mut Progress) -> R + Send + Sync + 'static,
        R: Send + 'static,
    {
        self.step(Vec::new(), change).await
    }

    /// As [`Walk::change`]; these steps are kept in the same unit.
    pub(crate) async fn step<R, F>(&self, events: Events, change: F) -> Result<R, ConnectError>
    where
        F: Fn(&mut Progress) -> R + Send + Sync + 'static,
        R: Send + 'static,
    {
        let id = self.run.id;
        let steps = self.steps(events);
        let unit = async move |tx: &mut Tx<'_>| {
            if !connect_runs::hold(tx, id).await? {
                return Err(ConnectError::Over);
            }
            let run = connect_runs::find(tx, id).await?;
            let mut progress = run.ok_or(ConnectError::NoRun)?.progress;
            let told = change(&mut progress);
            connect_runs::save(tx, id, &progress).await?;
            for step in &steps {
                run_steps::add(tx, id, step).await?;
            }
            Ok(told)
        };
        self.services.store.write(unit).await
    }

    /// Events as they are kept: they happen now.
    pub(crate) fn steps(&self, events: Events) -> Vec<RunStep> {
        let at = self.services.now();
        let step = |(event, detail)| RunStep { at, event, detail };
        events.into_iter().map(step).collect()
    }

    /// The brand chosen so far.
    pub(crate) fn brand(&self) -> Option<&Brand> {
        self.services
            .catalogue
            .brands
            .get(self.run.progress.brand.as_ref()?)
    }

    /// Whether a brand is offered to owners of a country.
    pub(crate) fn is_offered(&self, brand: &BrandId, country: &str) -> bool {
        let region = Country::find(country).map(|country| country.region);
        let known = self.services.catalogue.brands.get(brand);
        let offered = known
            .zip(region)
            .is_some_and(|(brand, region)| brand.is_offered_in(region));
        offered && self.is_wanted(brand, country)
    }

    /// Whether the application wants owners in a country to find a brand.
    pub(crate) fn is_wanted(&self, brand: &BrandId, country: &str) -> bool {
        let models = || &**self.services.catalogue.models;
        let region = Country::find(country).map(|country| country.region);
        region.is_some_and(|region| self.settings.lists(brand, region, models))
    }

    /// Whether the owner chooses the brand: the link named none that is offered, or the owner
    /// went for another one.
    pub(crate) fn chooses_brand(&self) -> bool {
        let progress = &self.run.progress;
        if !leads_to(self.run.request.aim, Step::Brand) {
            return false;
        }
        let Some(preset) = &self.run.request.make else {
            return true;
        };
        !self.is_offered(preset, &progress.country)
            || progress.brand.as_ref().is_some_and(|brand| brand != preset)
    }

    /// Whether the owner may turn to another brand than that of the sign-in page: not when the link
    /// is about one car.
    pub(crate) fn leaves_brand_open(&self) -> bool {
        self.subject.is_none() && self.run.request.single_select_vin.is_none()
    }

    /// Leaves the preamble with a country: to the brand page, or past it.
    pub(crate) async fn choose_country(
        &self,
        country: &'static Country,
    ) -> Result<Step, ConnectError> {
        let preset = self.run.request.make.clone();
        let is_settled = !leads_to(self.run.request.aim, Step::Brand);
        let brand = preset.filter(|brand| is_settled || self.is_offered(brand, country.code));
        let step = if brand.is_some() {
            Step::Login
        } else {
            Step::Brand
        };
        let mut events = vec![(Event::CountryChosen, Some(country.code.to_owned()))];
        events.extend(brand.as_ref().map(chosen));
        // Owned, because a unit of work that holds a reference, even a static one, is not `Send`
        // for every lifetime and the handler's future would not be either.
        let country = country.code.to_owned();
        let moved = move |progress: &mut Progress| {
            progress.country.clone_from(&country);
            progress.brand.clone_from(&brand);
            to_step(progress, step);
        };
        self.step(events, moved).await?;
        Ok(step)
    }

    /// Leaves the brand page: to the login, or to the page about what cannot be connected.
    pub(crate) async fn choose_brand(&self, brand: Option<BrandId>) -> Result<Step, ConnectError> {
        let country = &self.run.progress.country;
        let offered = brand
            .as_ref()
            .is_some_and(|brand| self.is_offered(brand, country));
        let step = if offered {
            Step::Login
        } else {
            Step::Incompatible
        };
        let mut events = vec![brand.as_ref().map_or((Event::BrandUnknown, None), chosen)];
        if brand.is_some() && !offered {
            events.push((Event::Incompatible, None));
        }
        let moved = move |progress: &mut Progress| {
            progress.brand.clone_from(&brand);
            to_step(progress, step);
        };
        self.step(events, moved).await?;
        Ok(step)
    }

    /// Ends the run with a grant, in one unit of work.
    pub(crate) async fn approve(
        &self,
        account: (BrandId, String),
        cars: Vec<FoundVehicle>,
        permissions: Permissions,
    ) -> Result<Ending, ConnectError> {
        let Services { store, rng, .. } = &*self.services;
        let request = &self.run.request;
        let now = self.services.now();
        let code = self.code();
        let new_code = code.as_ref().zip(request.redirect_uri.as_ref());
        let approval = Approval {
            run: self.run.id,
            progress: self.over(),
            form: self.form.clone(),
            application: self.application.id,
            mode: request.mode,
            brand: account.0,
            login: account.1,
            fresh_account: AccountId::draw(rng),
            fresh_user: UserId::draw(rng),
            cars: cars
                .into_iter()
                .map(|car| (VehicleId::draw(rng), car))
                .collect(),
            permissions,
            external_id: request.external_id.clone(),
            code: new_code.map(|(code, uri)| NewCode {
                digest: Digest::of(code.expose()),
                redirect_uri: uri.clone(),
                redirect_uri_given: request.redirect_uri_given,
                challenge: request.challenge.clone(),
                expires_at: now.plus(CODE_LIFETIME),
            }),
        };
        let unit = async move |tx: &mut Tx<'_>| approvals::approve(tx, &approval, now).await;
        match store.write(unit).await? {
            Approved::RunOver => Err(ConnectError::Over),
            Approved::Granted {
                user, external_id, ..
            } => Ok(self.ending(self.granted(user, external_id.as_deref()))),
        }
    }

    /// The code of this run, if a code is what goes back.
    pub(crate) fn code(&self) -> Option<Secret<String>> {
        let asked = self.run.request.response_type == ResponseType::Code;
        asked.then(|| derive_code(self.run.id, &self.secret))
    }

    pub(crate) fn granted(&self, user: UserId, external_id: Option<&str>) -> Answer {
        let code = self.code();
        Answer::granted(
            code.as_ref().map(|code| code.expose().as_str()),
            self.run.request.state.as_deref(),
            &user.to_string(),
            external_id,
        )
    }

    /// Ends the run without a grant.
    pub(crate) async fn fail(&self, failure: &Failure) -> Result<Ending, ConnectError> {
        let (id, progress) = (self.run.id, self.over());
        let outcome = Outcome {
            form: self.form.clone(),
            decision: Decision::Failed {
                code: failure.code().to_owned(),
                error: failure.error().cloned(),
            },
        };
        let now = self.services.now();
        let failed = RunStep {
            at: now,
            event: Event::Failed,
            detail: Some(failure.code().to_owned()),
        };
        let unit = async move |tx: &mut Tx<'_>| {
            if !connect_runs::complete(tx, id, &progress, now).await? {
                return Err(ConnectError::Over);
            }
            connect_runs::keep_outcome(tx, id, &outcome).await?;
            Ok(run_steps::add(tx, id, &failed).await?)
        };
        self.services.store.write(unit).await?;
        Ok(self.ending(self.failed(failure)))
    }

    pub(crate) fn failed(&self, failure: &Failure) -> Answer {
        Answer::failed(failure, self.run.request.state.as_deref())
    }

    /// What of a VIN or a login is in it, the store drops.
    pub(crate) fn over(&self) -> Progress {
        Progress {
            step: Step::Done,
            ..self.run.progress.clone()
        }
    }

    /// `iss` tells the application which server answers (RFC 9207).
    pub(crate) fn ending(&self, answer: Answer) -> Ending {
        match &self.run.request.redirect_uri {
            None => Ending::Here(answer),
            Some(uri) if self.application.send_iss => {
                let issuer = self.services.public_url.to_string();
                Ending::Back(answer.with("iss", Some(&issuer)).onto(uri))
            }
            Some(uri) => Ending::Back(answer.onto(uri)),
        }
    }
}

/// What happened in a run, each with its detail: no e-mail, no VIN.
pub(crate) type Events = Vec<(Event, Option<String>)>;

fn chosen(brand: &BrandId) -> (Event, Option<String>) {
    (Event::BrandChosen, Some(brand.to_string()))
}

/// Moves to a step before the sign-in: what an earlier sign-in found is forgotten. Wrong tries
/// are not, or going back would open the form again.
fn to_step(progress: &mut Progress, step: Step) {
    progress.step = step;
    progress.login = None;
    progress.vehicles.clear();
    progress.blocked.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_may_be_shown() {
        let mut progress = Progress {
            step: Step::Grant,
            country: "US".into(),
            brand: Some(BrandId::new("KIA")),
            login: None,
            vehicles: Vec::new(),
            blocked: Vec::new(),
            wrong_tries: 0,
            locked_until: None,
            error: None,
        };
        for asked in [Step::Start, Step::Brand, Step::Login, Step::Grant] {
            assert!(may_show(&progress, asked), "{asked:?}");
        }
        assert!(!may_show(&progress, Step::Mfa) && !is_beyond(&progress, Step::Mfa));
        progress.step = Step::Incompatible;
        progress.brand = None;
        assert!(may_show(&progress, Step::Brand) && !may_show(&progress, Step::Login));
        progress.step = Step::Login;
        assert!(is_beyond(&progress, Step::Grant) && !may_show(&progress, Step::Grant));
        progress.step = Step::Error;
        assert!(!may_show(&progress, Step::Start) && may_show(&progress, Step::Error));
    }
}
