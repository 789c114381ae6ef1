//! The page that asks before something stops working.

use askama::Template;
use axum::response::Response;
use carport_web::Page;
use carport_web::words::{Text, filters};

use super::tabs::Head;
use crate::access::Visitor;
use crate::frame::Frame;

/// A question, as the template writes it.
#[derive(Template)]
#[template(path = "dashboard/applications/ask.html")]
pub(crate) struct Question {
    /// Title, side, style.
    pub frame: Frame,
    /// What stands around it.
    pub head: Head,
    /// The question.
    pub title: Text,
    /// What happens then, a line each.
    pub then: Vec<String>,
    /// Where the answer is posted.
    pub action: String,
    /// A field that says what is meant.
    pub field: Option<(&'static str, String)>,
    /// What the button says.
    pub button: Text,
    /// Where *Cancel* leads.
    pub back: String,
}

impl Question {
    /// The page.
    pub(crate) fn put(self, visitor: Visitor) -> Response {
        visitor.give(Page::new(self).live().names_itself())
    }
}
