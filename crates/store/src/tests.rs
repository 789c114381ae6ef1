//! The store suite
