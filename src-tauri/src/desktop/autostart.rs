//! Starting with the system, if the person wants that.

/// It could not be changed, or asked for.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct AutostartError(String);

#[cfg(target_os = "linux")]
mod system {
    use super::AutostartError;
    use std::io::ErrorKind;
    use std::path::{Path, PathBuf};
    use tauri::AppHandle;

    impl From<std::io::Error> for AutostartError {
        fn from(error: std::io::Error) -> Self {
            Self(error.to_string())
        }
    }

    /// The entry in the folder of the XDG rule. The window library's plugin writes to `~/.config` wherever that
    /// folder is, and does not quote the program, so a path with a space in it would start nothing.
    fn entry() -> Result<PathBuf, AutostartError> {
        let folders = directories::BaseDirs::new().ok_or_else(|| AutostartError("no home folder".to_owned()))?;
        Ok(folders.config_dir().join("autostart/uncouple.desktop"))
    }

    /// In every entry that we write.
    const MARK: &str = "X-Uncouple=dev.uncouple.desktop";

    /// Whose entry a text is: ours by its mark, or, from before there was one, because it starts a program of our name and
    /// says nothing that we never wrote.
    pub(super) fn is_ours(text: &str) -> bool {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let ours = |line: &str| {
            matches!(
                line,
                "[Desktop Entry]" | "Type=Application" | "Name=Uncouple" | "Icon=uncouple" | "Terminal=false"
            ) || line.starts_with("Exec=\"")
                || line.starts_with("Hidden=")
                || line.starts_with("X-GNOME-Autostart-enabled=")
        };
        text.lines().any(|line| line.trim() == MARK) || text.contains("Name=Uncouple") && lines.all(ours)
    }

    /// Desktops have their own switch for it, which leaves the file where it is.
    pub(super) fn starts(text: &str) -> bool {
        is_ours(text)
            && !text.lines().any(|line| matches!(line.trim(), "Hidden=true" | "X-GNOME-Autostart-enabled=false"))
    }

    fn there(entry: &Path) -> Result<Option<String>, AutostartError> {
        match std::fs::read_to_string(entry) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn is_on(_: &AppHandle) -> Result<bool, AutostartError> {
        Ok(there(&entry()?)?.is_some_and(|text| starts(&text)))
    }

    pub(crate) fn set(_: &AppHandle, on: bool) -> Result<(), AutostartError> {
        let entry = entry()?;
        if there(&entry)?.is_some_and(|text| !is_ours(&text)) {
            // Somebody else's: what we did not write we neither replace nor delete.
            return if on { Err(AutostartError("another program's entry has our name".to_owned())) } else { Ok(()) };
        }
        if on {
            if let Some(folder) = entry.parent() {
                std::fs::create_dir_all(folder)?;
            }
            // An AppImage runs from a folder that is another one at each start.
            let image = std::env::var_os("APPIMAGE").map(PathBuf::from).filter(|path| path.is_absolute());
            let program = image.map_or_else(std::env::current_exe, Ok)?;
            return Ok(std::fs::write(entry, text(&program)?)?);
        }
        match std::fs::remove_file(entry) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    pub(super) fn text(program: &Path) -> Result<String, AutostartError> {
        let program = program.to_str().filter(|path| !path.contains(char::is_control));
        let program = program.ok_or_else(|| AutostartError("a path that can't be written down".to_owned()))?;
        let mut quoted = String::new();
        for sign in program.chars() {
            match sign {
                // Quoted for the command line, and the quoting for the file, as the rule has it.
                '"' | '`' | '$' => quoted.push_str("\\\\"),
                '\\' => quoted.push_str("\\\\\\"),
                '%' => quoted.push('%'),
                _ => {}
            }
            quoted.push(sign);
        }
        Ok(format!(
            "[Desktop Entry]\nType=Application\nName=Uncouple\nIcon=uncouple\nExec=\"{quoted}\"\nTerminal=false\n{MARK}\n"
        ))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::AutostartError;
    use tauri::AppHandle;
    use tauri_plugin_autostart::ManagerExt;

    pub(crate) fn is_on(app: &AppHandle) -> Result<bool, AutostartError> {
        app.autolaunch().is_enabled().map_err(|error| AutostartError(error.to_string()))
    }

    pub(crate) fn set(app: &AppHandle, on: bool) -> Result<(), AutostartError> {
        let entry = app.autolaunch();
        if on { entry.enable() } else { entry.disable() }.map_err(|error| AutostartError(error.to_string()))
    }
}

pub(crate) use system::{is_on, set};

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::system::{is_ours, starts, text};
    use std::path::Path;

    #[test]
    fn a_path_of_any_kind_is_one_program() {
        let exec = |path: &str| {
            text(Path::new(path)).unwrap().lines().find(|line| line.starts_with("Exec")).map(str::to_owned)
        };
        assert_eq!(exec("/usr/bin/uncouple").unwrap(), r#"Exec="/usr/bin/uncouple""#);
        assert_eq!(exec("/opt/my apps/100%/un").unwrap(), r#"Exec="/opt/my apps/100%%/un""#);
        assert_eq!(exec(r#"/a"b$c\d"#).unwrap(), r#"Exec="/a\\"b\\$c\\\\d""#);
        assert!(text(Path::new("/a\nHidden=true")).is_err());
    }

    #[test]
    fn another_programs_entry_of_the_same_name_is_neither_on_nor_ours() {
        let entry = text(Path::new("/usr/bin/uncouple")).unwrap();
        let (_, before) = (is_ours(&entry), entry.replace("X-Uncouple=dev.uncouple.desktop\n", ""));
        assert!(is_ours(&entry) && starts(&entry) && is_ours(&before) && starts(&before));
        let off = format!("{entry}X-GNOME-Autostart-enabled=false\n");
        assert!(is_ours(&off) && !starts(&off));
        let foreign = "[Desktop Entry]\nType=Application\nName=Train uncoupler\nExec=uncouple --all\n";
        assert!(!is_ours(foreign) && !starts(foreign) && !is_ours(""));
    }
}
