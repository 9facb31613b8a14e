//! Chooses what to say and builds the reply: sure, ask back, or don't know with the right door.
//!
//! Pure. Texts that are not an entry's own stand in `messages`.

pub mod dates;
mod decide;
mod explain;
pub mod messages;
mod render;
pub mod timeline;

pub use decide::{Candidate, Decided, Decision, Door, Earlier, Target, decide, runner_up};
pub use explain::{Explanation, explain};
pub use render::{candidate_reply, entry_reply, plain, title_of};
