//! Beginning, and everything at one look.

use crate::command::commands;
use uncouple_engine::view::Overview;

commands! {
    /// Everything that the window shows at one look. Tries to open the workspace again where that failed before.
    Anyone overview() -> Overview => face |face| face.engine_again().await?.overview().await;

    /// Begins the person's own workspace, under their name.
    Anyone begin_empty(name: String) -> () => engine |engine| engine.begin_empty(&name).await;

    /// Opens a fresh sample in its place.
    Anyone begin_sample() -> () => face |face| face.begin_sample().await;

    /// Throws the sample away, and goes back to the person's own workspace.
    Anyone leave_sample() -> () => face |face| face.leave_sample().await;
}
