//! Settings.

use crate::command::commands;
use uncouple_engine::AppError;
use uncouple_engine::ports::{SignInApp, SignInAt};
use uncouple_engine::settings::Appearance;
use uncouple_engine::view::{KeyringView, StorageView};
use uncouple_engine::wire::{Language, Origin};

commands! {
    /// Renames the acting member.
    Anyone rename_me(name: String) -> () => engine |engine| engine.rename_me(&name).await;

    /// Renames this device.
    Anyone rename_device(name: String) -> () => engine |engine| engine.rename_device(&name).await;

    /// Says what the workspace on this device is, where it came from elsewhere.
    Anyone say_origin(origin: Origin) -> () => engine |engine| engine.say_origin(origin).await;

    /// Whether the keyring can be used.
    Anyone keyring() -> KeyringView => engine |engine| Ok::<KeyringView, AppError>(engine.keyring().await);

    /// Where everything is stored.
    Anyone storage() -> StorageView => engine |engine| Ok::<StorageView, AppError>(engine.storage().await);

    /// The registered app that sign-ins use.
    SuperAdmin save_sign_in_app(at: SignInAt, app: SignInApp) -> ()
        => engine |engine| engine.save_sign_in_app(at, app).await;

    /// The language. None: the system's.
    Anyone set_language(language: Option<Language>) -> () => engine |engine| engine.set_language(language).await;

    /// Light or dark.
    Anyone set_appearance(appearance: Appearance) -> () => engine |engine| engine.set_appearance(appearance).await;
}
