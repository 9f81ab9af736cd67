//! What only a face can do: the desktop around it, and its own start.

use crate::command::commands;
use uncouple_engine::AppError;
use uncouple_engine::view::DesktopView;

commands! {
    /// What the desktop offers.
    Anyone desktop() -> DesktopView => face |face| Ok::<DesktopView, AppError>(face.desktop().await);

    /// Starts with the system from now on, or not any more.
    Anyone set_autostart(on: bool) -> () => face |face| face.set_autostart(on).await;

    /// Says that the first usable screen is painted: only then the window is shown.
    Anyone first_paint() -> () => face |face| {
        face.first_paint().await;
        Ok::<(), AppError>(())
    };
}
