//! Finds chains of schemas that apply to the same instance location. Validation would never terminate on a cyclic
//! chain, and would need too much stack for a very long one.

use super::{Model, NodeId};
use crate::model::diagnostic::{Code, Diagnostic};

/// The maximum length of a chain of schemas that apply to the same instance location.
const MOST: usize = 150;

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    Never,
    Open,
    /// The number of schemas in the longest chain from here.
    Done(usize),
}

pub(super) fn find(model: &Model) -> Vec<Diagnostic> {
    let mut visits = vec![Visit::Never; model.nodes.len()];
    let mut problems = Vec::new();
    for start in 0..model.nodes.len() {
        // Use an explicit stack, because schemas may nest too deeply for recursion.
        let mut stack = vec![(start, successors(model, start))];
        if visits[start] != Visit::Never {
            continue;
        }
        visits[start] = Visit::Open;
        while let Some((node, rest)) = stack.last_mut() {
            let node = *node;
            match rest.pop() {
                None => {
                    let length =
                        1 + successors(model, node).into_iter().map(|next| length(visits[next])).max().unwrap_or(0);
                    // Count from zero again, so that only one problem is reported for all schemas that lead here.
                    visits[node] = Visit::Done(if length > MOST { 0 } else { length });
                    stack.pop();
                    if length > MOST {
                        let (file, pointer) = model.place(NodeId(node));
                        let message = format!(
                            "more than {MOST} schemas apply to one instance location: each leads to the next one, and this is the first"
                        );
                        let advice =
                            "merge some of these schemas: `$ref`, `allOf` and other keywords lead from one to the next";
                        problems.push(Diagnostic::at(Code::TooDeep, file, pointer, message, advice));
                    }
                }
                Some(next) => match visits[next] {
                    Visit::Done(_) => {}
                    Visit::Open => {
                        let (file, pointer) = model.place(NodeId(node));
                        let (_, back) = model.place(NodeId(next));
                        let message =
                            format!("the schema refers to itself at the same instance location, through #{back}");
                        let advice = "validation would never end: put the reference under a property or an array item";
                        problems.push(Diagnostic::at(Code::CircularReference, file, pointer, message, advice));
                    }
                    Visit::Never => {
                        visits[next] = Visit::Open;
                        stack.push((next, successors(model, next)));
                    }
                },
            }
        }
    }
    problems
}

fn length(visit: Visit) -> usize {
    match visit {
        Visit::Done(length) => length,
        Visit::Never | Visit::Open => 0,
    }
}

fn successors(model: &Model, node: usize) -> Vec<usize> {
    let keywords = &model.nodes[node].keywords;
    let mut next: Vec<usize> = keywords.in_place().iter().map(|(_, id)| id.0).collect();
    next.extend(keywords.reference.map(|id| id.0));
    next
}
