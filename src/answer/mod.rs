//! Chooses what to say and builds the reply: sure, ask back, or don't know with the right door.
//!
//! Pure. Texts that are not an entry's own stand in `messages`.

mod candidates;
pub mod dates;
mod decide;
mod explain;
pub mod messages;
mod parts;
mod render;
pub mod timeline;

pub use candidates::{Candidate, Target, runner_up};
pub use decide::{Decided, Decision, Door, Earlier, decide};
pub use explain::{Explanation, explain};
pub use render::{candidate_reply, entry_reply, plain, title_of};
