//! Who may post what: every POST route of the Dashboard against every role, through the router.
//!
//! A new route needs one line in [`ROWS`]; one without fails a test, which reads the route lists in
//! the sources.

use std::collections::BTreeSet;
use std::path::Path;

use carport_model::{Action, Role};

use crate::testing::{Browser, Site};

/// What a route asks of who posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// A role that may do this.
    To(Action),
    /// Nothing but to be signed in: it concerns the member's own account.
    SignedIn,
    /// Nothing: it is for those who are not in yet.
    Nothing,
}

const MODIFY: Needs = Needs::To(Action::ModifyApplication);
const VIEW: Needs = Needs::To(Action::View);
const MANAGE: Needs = Needs::To(Action::ManageMembers);

/// Every POST route and what it needs, in the order of the routes.
const ROWS: &[(&str, Needs)] = &[
    ("/dashboard/account/language", Needs::SignedIn),
    ("/dashboard/account/name", Needs::SignedIn),
    ("/dashboard/account/password", Needs::SignedIn),
    ("/dashboard/account/recovery-codes", Needs::SignedIn),
    ("/dashboard/account/second-factor", Needs::SignedIn),
    ("/dashboard/account/second-factor/remove", Needs::SignedIn),
    ("/dashboard/account/sessions", Needs::SignedIn),
    (
        "/dashboard/applications/new",
        Needs::To(Action::CreateApplication),
    ),
    ("/dashboard/applications/{id}", MODIFY),
    ("/dashboard/applications/{id}/access", MODIFY),
    ("/dashboard/applications/{id}/access/preview", VIEW),
    ("/dashboard/applications/{id}/appearance", MODIFY),
    ("/dashboard/applications/{id}/appearance/logo", MODIFY),
    (
        "/dashboard/applications/{id}/appearance/logo/remove",
        MODIFY,
    ),
    ("/dashboard/applications/{id}/appearance/preview", VIEW),
    ("/dashboard/applications/{id}/brands", MODIFY),
    ("/dashboard/applications/{id}/credentials/machine", MODIFY),
    (
        "/dashboard/applications/{id}/credentials/machine/{secret}",
        MODIFY,
    ),
    ("/dashboard/applications/{id}/credentials/secret", MODIFY),
    (
        "/dashboard/applications/{id}/credentials/secret/{secret}",
        MODIFY,
    ),
    ("/dashboard/applications/{id}/credentials/token", MODIFY),
    (
        "/dashboard/applications/{id}/credentials/token/show",
        MODIFY,
    ),
    (
        "/dashboard/applications/{id}/delete",
        Needs::To(Action::DeleteApplication),
    ),
    ("/dashboard/applications/{id}/redirects", MODIFY),
    ("/dashboard/applications/{id}/redirects/default", MODIFY),
    ("/dashboard/applications/{id}/redirects/remove", MODIFY),
    ("/dashboard/applications/{id}/security", MODIFY),
    ("/dashboard/applications/{id}/security/origins", MODIFY),
    (
        "/dashboard/applications/{id}/security/origins/remove",
        MODIFY,
    ),
    ("/dashboard/applications/{id}/state", MODIFY),
    ("/dashboard/forgot", Needs::Nothing),
    ("/dashboard/invitation", Needs::Nothing),
    ("/dashboard/logs/again", MODIFY),
    ("/dashboard/reset", Needs::Nothing),
    ("/dashboard/set-up", Needs::Nothing),
    ("/dashboard/sign-in", Needs::Nothing),
    ("/dashboard/sign-in/second-factor", Needs::Nothing),
    ("/dashboard/sign-out", Needs::SignedIn),
    ("/dashboard/simulator/cars/{id}/course", MODIFY),
    ("/dashboard/simulator/cars/{id}/delete", MODIFY),
    ("/dashboard/simulator/cars/{id}/stage", MODIFY),
    ("/dashboard/simulator/clock", MODIFY),
    ("/dashboard/simulator/faults", MODIFY),
    ("/dashboard/simulator/faults/stop", MODIFY),
    ("/dashboard/simulator/new", MODIFY),
    ("/dashboard/team/invite", MANAGE),
    ("/dashboard/team/members/{id}/invite", MANAGE),
    ("/dashboard/team/members/{id}/remove", MANAGE),
    ("/dashboard/team/members/{id}/role", MANAGE),
    ("/dashboard/team/members/{id}/suspend", MANAGE),
    ("/dashboard/team/settings", Needs::To(Action::ManageTeam)),
    ("/dashboard/try/callback-uri", MODIFY),
    ("/dashboard/try/open", MODIFY),
    ("/dashboard/try/runs/{run}/calls", MODIFY),
    ("/dashboard/try/runs/{run}/disconnect", MODIFY),
    ("/dashboard/try/runs/{run}/refresh", MODIFY),
    ("/dashboard/try/runs/{run}/tokens", MODIFY),
    ("/dashboard/try/runs/{run}/vehicles", MODIFY),
    ("/dashboard/vehicles/{id}/disconnect", MODIFY),
];

/// The POST routes that the sources list.
fn listed(folder: &Path, routes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            listed(&path, routes);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            // What follows is tests.
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            if !path.ends_with("matrix.rs") {
                // Others stand in for the API in tests.
                routes.extend(posts(code).filter(|path| path.starts_with("/dashboard")));
            }
        }
    }
}

/// The paths of `.route("path", …post(…)…)` in a source.
fn posts(code: &str) -> impl Iterator<Item = String> {
    let calls = code.split(".route(").skip(1);
    calls.filter_map(|call| {
        let mut depth = 1;
        let end = call.find(|c| {
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        let (path, methods) = call[..end?].split_once(',')?;
        let is_post = methods.contains("post(") || methods.contains("any(");
        let literal = path
            .trim()
            .strip_prefix('"')
            .and_then(|path| path.strip_suffix('"'));
        is_post.then(|| {
            let path = literal.expect("a path of a route is written where the route is");
            path.to_owned()
        })
    })
}

#[test]
fn every_post_has_a_row() {
    let mut routes = BTreeSet::new();
    listed(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut routes,
    );
    let rows: BTreeSet<String> = ROWS.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(
        routes, rows,
        "routes on the left, rows of the matrix on the right"
    );
}

#[test]
fn routes_are_found_however_they_are_laid_out() {
    let code = r#"x.route("/a", get(f)).route(
        "/b/{id}",
        get(show).post(make),
    ).route("/c", post(f))"#;
    assert_eq!(posts(code).collect::<Vec<_>>(), ["/b/{id}", "/c"]);
}

#[tokio::test]
async fn every_role_may_post_what_it_may() {
    let site = Site::serve().await;
    let victim = site.member("victim@example.org", Role::Viewer).await;
    for (path, needs) in ROWS {
        for role in Role::ALL {
            // Anew each time: the last post may have signed them out.
            let email = format!("{role}{}@example.org", path.replace(['/', '{', '}'], "-"));
            let member = site.member(&email, role).await;
            let browser = match needs {
                Needs::Nothing => Browser::default(),
                Needs::To(_) | Needs::SignedIn => site.signed_in(&member).await,
            };
            let id = victim.id.to_string();
            let address = ["{id}", "{run}", "{secret}"]
                .iter()
                .fold((*path).to_owned(), |path, name| path.replace(name, &id));
            let before = site.bed.store.commits();
            let answer = site.post(&browser, &address, &[]).await;
            let allowed = match needs {
                Needs::To(action) => role.may(*action),
                Needs::SignedIn | Needs::Nothing => true,
            };
            if allowed {
                assert_ne!(answer.status, 403, "{role} {path}");
            } else {
                assert_eq!(answer.status, 403, "{role} {path}");
                assert_eq!(
                    site.bed.store.commits(),
                    before,
                    "{role} {path} changed something"
                );
            }
            if site.find(&victim).await.is_none() {
                site.put(&victim).await;
            }
        }
    }
}

#[tokio::test]
async fn without_a_session_nothing_is_posted() {
    let site = Site::serve().await;
    site.member("owner@example.org", Role::Owner).await;
    for (path, needs) in ROWS.iter().filter(|(_, needs)| *needs != Needs::Nothing) {
        let answer = site.post(&Browser::default(), path, &[]).await;
        assert_eq!(answer.status, 401, "{path} {needs:?}");
    }
}
