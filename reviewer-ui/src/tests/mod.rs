//! Tests of this face through its routes: the real tables, envelope and store, in process.

mod face;
mod matrix;
mod signing_in;
