//! Tests of the whole binary: its command line and its server.

mod commands;
mod server;
mod support;
