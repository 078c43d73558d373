//! Decisions compared with other validators and with the official suite.

mod corpus;
mod differential;
mod interpreted;
mod mutants;
mod mutated_payloads;
mod output;
mod suite;
mod violation_kinds;
mod violations;
