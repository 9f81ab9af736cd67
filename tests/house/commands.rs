//! What Tauri's access control reads, and what the window is given, against the table of commands.

use serde_json::Value;

/// What the window may call. Written from the table.
pub(crate) const CAPABILITY: &str = "src-tauri/capabilities/main.json";

/// The client of the window. Written from the table.
pub(crate) const CLIENT: &str = "ui/src/backend/generated/client.ts";

/// Tauri's own permissions that the window has, and no others.
const OF_TAURI: &[&str] =
    &["core:event:allow-listen", "core:event:allow-unlisten", "core:webview:allow-set-webview-zoom"];

/// Capabilities beside the one that is written from the table: in the configuration, or in files.
pub(crate) fn other_capabilities(config: &Value, files: &[String]) -> Vec<String> {
    let mut broken = Vec::new();
    let named = config.pointer("/app/security/capabilities");
    if named != Some(&serde_json::json!(["main"])) {
        broken.push(format!("tauri.conf.json has capabilities of its own: {named:?}"));
    }
    let others = files.iter().filter(|file| *file != "main.json");
    broken.extend(others.map(|file| format!("src-tauri/capabilities/{file} is not written from the table")));
    broken
}

/// Commands without a permission of their own, and permissions without a command.
pub(crate) fn not_named(commands: &[&str], capability: &Value) -> Vec<String> {
    let permissions: Vec<&str> = capability
        .get("permissions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let permission = |command: &&str| format!("allow-{}", command.replace('_', "-"));
    let expected: Vec<String> = commands.iter().map(permission).collect();
    let missing = expected.iter().filter(|name| !permissions.contains(&name.as_str()));
    let mut broken: Vec<String> = missing.map(|name| format!("the window has no {name}")).collect();
    let known = |name: &&&str| OF_TAURI.contains(*name) || expected.iter().any(|one| one == **name);
    broken.extend(permissions.iter().filter(|name| !known(name)).map(|name| format!("{name} is no command's")));
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_second_capability_is_found() {
        let named = |capabilities: Value| json!({"app": {"security": {"capabilities": capabilities}}});
        assert!(other_capabilities(&named(json!(["main"])), &["main.json".to_owned()]).is_empty());
        let broken = other_capabilities(&named(json!(["main", {"identifier": "x"}])), &["more.toml".to_owned()]);
        assert_eq!(broken.len(), 2);
        assert_eq!(other_capabilities(&named(json!([])), &[]).len(), 1, "an empty list would take every file");
    }

    #[test]
    fn a_command_without_a_permission_and_one_too_many_are_found() {
        let capability = json!({"permissions": ["core:event:allow-listen", "allow-track-mailbox", "shell:allow-open"]});
        assert_eq!(
            not_named(&["overview", "track_mailbox"], &capability),
            ["the window has no allow-overview", "shell:allow-open is no command's"]
        );
    }
}
