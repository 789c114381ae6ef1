//! What the browser SDK needs besides Connect: the script itself, and the page that passes Connect's
//! answer on to the window that opened it. Source: contract connect-oauth, B.8.
//!
//! A message is posted to one origin only, and to none that nobody registered: what a link says
//! about itself is anyone's word. Which origins those are,
//! [`browser_origin`](carport_oauth::redirect_uri::browser_origin) tells.

pub(crate) mod page;
pub(crate) mod scripts;
