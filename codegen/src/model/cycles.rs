//! References that lead back to where they came from without a step into the instance: no validation of them ends.

use super::{Model, NodeId};
use crate::model::diagnostic::{Code, Diagnostic};

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    Never,
    Open,
    Done,
}

pub(super) fn find(model: &Model) -> Vec<Diagnostic> {
    let mut visits = vec![Visit::Never; model.nodes.len()];
    let mut problems = Vec::new();
    for start in 0..model.nodes.len() {
        // A stack of its own: schemas may nest deeper than a thread's.
        let mut stack = vec![(start, successors(model, start))];
        if visits[start] != Visit::Never {
            continue;
        }
        visits[start] = Visit::Open;
        while let Some((node, rest)) = stack.last_mut() {
            let node = *node;
            match rest.pop() {
                None => {
                    visits[node] = Visit::Done;
                    stack.pop();
                }
                Some(next) => match visits[next] {
                    Visit::Done => {}
                    Visit::Open => {
                        let (file, pointer) = model.place(NodeId(node as u32));
                        let (_, back) = model.place(NodeId(next as u32));
                        let message = format!("the schema leads back to #{back} without a step into the instance");
                        let advice = "no validation of it would end: put a property or an item in between";
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

fn successors(model: &Model, node: usize) -> Vec<usize> {
    let keywords = &model.nodes[node].keywords;
    let mut next: Vec<usize> = keywords.in_place().iter().map(|id| id.0 as usize).collect();
    next.extend(keywords.reference.map(|id| id.0 as usize));
    next
}
