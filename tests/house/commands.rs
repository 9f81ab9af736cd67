//! The commands of the shell, in the four places that name them.

use std::collections::BTreeSet;

use serde_json::Value;

type Names = BTreeSet<String>;

/// What the shell answers to: the last parts of the paths in `generate_handler!`.
pub(crate) fn handled(source: &str) -> Names {
    let list = source.split_once("generate_handler![").and_then(|(_, rest)| rest.split_once(']'));
    let paths = list.map(|(list, _)| list).unwrap_or_default().split(',');
    paths
        .filter_map(|path| path.trim().rsplit("::").next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What the access control is told of: the words of `COMMANDS` in the build script.
pub(crate) fn declared(source: &str) -> Names {
    let list = source.split_once("COMMANDS: &[&str] = &[").and_then(|(_, rest)| rest.split_once(']'));
    list.map(|(list, _)| list).unwrap_or_default().split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What the window may call, besides Tauri's own commands.
pub(crate) fn allowed(config: &Value) -> Names {
    let capabilities = config.pointer("/app/security/capabilities").and_then(Value::as_array).into_iter().flatten();
    let permissions = capabilities.filter_map(|one| one.get("permissions")?.as_array()).flatten();
    permissions.filter_map(|one| one.as_str()?.strip_prefix("allow-")).map(|name| name.replace('-', "_")).collect()
}

/// What the window does call.
pub(crate) fn called(source: &str) -> Names {
    let calls = source.split("call(\"").skip(1);
    calls.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()).collect()
}

/// Commands that are not in all four places.
pub(crate) fn apart(handled: &Names, others: &[(&str, Names)]) -> Vec<String> {
    let mut broken = Vec::new();
    for (place, names) in others {
        broken.extend(handled.difference(names).map(|name| format!("{name} is not in {place}")));
        broken.extend(names.difference(handled).map(|name| format!("{name} is in {place}, and no command")));
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(names: &[&str]) -> Names {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn each_place_is_read() {
        let handler = "tauri::generate_handler![\n    welcome::overview,\n    mailboxes::track_mailbox,\n]";
        assert_eq!(handled(handler), names(&["overview", "track_mailbox"]));
        let build = "const COMMANDS: &[&str] = &[\n    \"overview\",\n    \"track_mailbox\",\n];\nfn main() { \"x\" }";
        assert_eq!(declared(build), names(&["overview", "track_mailbox"]));
        let permissions = ["core:event:allow-listen", "allow-overview", "allow-track-mailbox"];
        let config = json!({"app": {"security": {"capabilities": [{"permissions": permissions}]}}});
        assert_eq!(allowed(&config), names(&["overview", "track_mailbox"]));
        let window = "overview: () => call(\"overview\"),\ntrack: (m) => call(\"track_mailbox\", { ...m }),";
        assert_eq!(called(window), names(&["overview", "track_mailbox"]));
    }

    #[test]
    fn a_command_in_some_places_only_is_found() {
        let places = [("build.rs", names(&["a", "b"])), ("the capability", names(&["a", "b", "c"]))];
        assert_eq!(
            apart(&names(&["a", "b", "d"]), &places),
            ["d is not in build.rs", "d is not in the capability", "c is in the capability, and no command",]
        );
    }
}
