//! What both faces of the engine, the window and the command line, take from the system they run on: places, clock,
//! ids, the browser, and the engine put together from its adapters.

mod browser;
mod device;
mod engine;
mod environment;
mod guides;

pub use browser::SystemBrowser;
pub use engine::{Adapters, OpenError};
pub use environment::{
    FreshIds, Places, SystemClock, no_core_dumps, persons_name, places, sign_in_app, start_log, system_language,
};
pub use guides::AllGuides;
